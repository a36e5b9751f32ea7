import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { parseFleetDocument } from "../../../operations/fleet/fleetDocument.ts";
import {
  beginRun,
  endRun,
  readFleetFolder,
  writeFleetDocument,
} from "../../../operations/fleet/fleetFolder.ts";
import { failedDocument, fleetSample, sampleDocument } from "../../cli/fleetSample.ts";

const now = new Date("2026-11-28T06:00:00Z");
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "exo-auth-fleet-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

test("what was written is read, of any folder below, and the newest of each stack", async () => {
  const [old, failed] = [sampleDocument("org/project/contoso"), failedDocument("fabrikam")];
  const young = { ...old, began: "2026-11-28T05:30:00Z" };
  for (const [shard, document] of [
    ["1", young],
    ["2", old],
    ["2", failed],
    ["2", { ...fleetSample, stack: "sample" }],
  ] as const) {
    mkdirSync(join(folder, shard), { recursive: true });
    await writeFleetDocument(join(folder, shard), document);
  }
  expect(readdirSync(join(folder, "2")).toSorted()).toEqual([
    "fabrikam.json",
    "org%2Fproject%2Fcontoso.json",
    "sample.json",
  ]);
  expect(await readFleetFolder(folder, now)).toEqual({
    documents: [failed, young, JSON.parse(JSON.stringify({ ...fleetSample, stack: "sample" }))],
    broken: [],
  });
});

test.each<readonly [string, string, RegExp]>([
  ["cut off", "{", /JSON/],
  ["no object", "[]", /^`fleetVersion`: /],
  ["newer", '{"fleetVersion":2}', /^its `fleetVersion` is 2, and this version of exo-auth reads 1$/],
  ["without a time", JSON.stringify({ ...sampleDocument("a"), began: "yesterday" }), /^`began`: /],
  [
    "empty",
    JSON.stringify({ ...sampleDocument("a"), result: undefined }),
    /^it must have either `result` or `failure`$/,
  ],
  [
    "without what it says was looked at",
    JSON.stringify({
      ...sampleDocument("a"),
      result: { project: "p", stack: "a", updated: "2026-11-28T04:00:00Z", audit: [], components: [] },
    }),
    /^`parts` has drift, and `result` has nothing of it$/,
  ],
  ...["a\u0000b", "..\\..\\a", "a".repeat(101), "a\n::error::b", "a/b/c/d", "<b>", ""].map(
    (stack) =>
      [
        `of a stack that Pulumi would not name ${JSON.stringify(stack).slice(0, 20)}`,
        JSON.stringify({ ...sampleDocument("a"), stack }),
        /^`stack`: it must be a stack's name, as `pulumi stack ls` lists it$/,
      ] as const,
  ),
  [
    "of an unknown failure",
    JSON.stringify({ ...failedDocument("a"), failure: { code: "?", message: "m" } }),
    /^`failure\.code`: /,
  ],
])("what is %s is no document", async (_name, text, reason) => {
  expect(() => parseFleetDocument(text)).toThrow(reason);
  await writeFleetDocument(folder, sampleDocument("b"));
  writeFileSync(join(folder, "a.json"), text);
  writeFileSync(join(folder, "readme.txt"), text);
  const found = await readFleetFolder(folder, now);
  expect(found.documents).toEqual([sampleDocument("b")]);
  expect(found.broken).toEqual([{ file: "a.json", reason: expect.stringMatching(reason) }]);
});

test("a document of the future, a link and a file without end hide nothing", async () => {
  const future = { ...sampleDocument("a"), began: "2026-11-28T06:05:01Z" };
  writeFileSync(join(folder, "foreign.json"), JSON.stringify(future));
  writeFileSync(join(folder, "secret"), "not for readers of reports");
  symlinkSync(join(folder, "secret"), join(folder, "link.json"));
  writeFileSync(join(folder, "large.json"), "");
  truncateSync(join(folder, "large.json"), 64 * 1_048_576 + 1);
  await writeFleetDocument(folder, sampleDocument("a"));
  expect(await readFleetFolder(folder, now)).toEqual({
    documents: [sampleDocument("a")],
    broken: [
      { file: "foreign.json", reason: "`began` is in the future: 2026-11-28T06:05:01Z" },
      { file: "large.json", reason: "it has more than 67108864 bytes" },
      { file: "link.json", reason: "it is not a file" },
    ],
  });
  // With --resume, it would count as checked.
  writeFileSync(join(folder, "run.began"), "2026-11-28T05:30:00Z");
  expect(await beginRun(folder, true, now)).toEqual([]);
});

test("what is written goes to no other place by a link", async () => {
  const elsewhere = join(folder, "elsewhere");
  writeFileSync(elsewhere, "kept");
  symlinkSync(elsewhere, join(folder, "a.json"));
  await expect(writeFleetDocument(folder, sampleDocument("a"))).rejects.toThrow(
    `"${join(folder, "a.json")}" could not be written: it is a link. Give another folder with --out.`,
  );
  expect(readFileSync(elsewhere, "utf8")).toBe("kept");
});

test("a run that was ended is gone on with, one that came to its end is not", async () => {
  const before = { ...sampleDocument("a"), began: "2026-11-28T03:00:00Z" };
  await writeFleetDocument(folder, before);
  const start = new Date("2026-11-28T04:00:00Z");
  expect(await beginRun(folder, true, start)).toEqual([]);
  await writeFleetDocument(folder, sampleDocument("b"));
  const later = new Date("2026-11-28T06:00:00Z");
  expect(await beginRun(folder, true, later)).toEqual([sampleDocument("b")]);
  expect(await beginRun(folder, false, later)).toEqual([]);
  expect(await beginRun(folder, true, later)).toEqual([]);
  await endRun(folder);
  expect(readdirSync(folder).toSorted()).toEqual(["a.json", "b.json"]);
});

test("a folder that cannot be used", async () => {
  await expect(readFleetFolder(join(folder, "none"), now)).rejects.toMatchObject({
    code: "EXO_AUTH_FILE",
    reason: "configuration",
    message: `The folder "${join(folder, "none")}" cannot be used: it does not exist.`,
  });
  writeFileSync(join(folder, "file"), "");
  await expect(beginRun(join(folder, "file"), false, new Date())).rejects.toMatchObject({
    code: "EXO_AUTH_FILE",
    message: expect.stringContaining("cannot be used"),
  });
  await expect(writeFleetDocument(join(folder, "file"), sampleDocument("a"))).rejects.toMatchObject({
    code: "EXO_AUTH_FILE",
    message: expect.stringMatching(/could not be written: .*Give another folder with --out\.$/),
  });
});
