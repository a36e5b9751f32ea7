import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fleetReport, type FleetReportResult } from "../../../operations/fleet/fleetReport.ts";
import { sampleFinding } from "../../cli/findings/sampleReport.ts";
import { cleanSection, sampleDocument, sampleTime } from "../../cli/fleetSample.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "exchange-auth-fleet-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

const clean = sampleDocument("contoso");
const attacked = sampleDocument("contoso", { audit: [{ ...cleanSection, findings: [sampleFinding()] }] });

function write(day: string, ...documents: readonly (typeof clean)[]): string {
  mkdirSync(join(folder, day));
  for (const document of documents)
    writeFileSync(join(folder, day, `${document.stack}.json`), JSON.stringify(document));
  return join(folder, day);
}

async function report(day: string, since?: string): Promise<FleetReportResult["report"]> {
  const { report: made } = await fleetReport({
    folder: join(folder, day),
    since: since === undefined ? undefined : join(folder, since),
    now: () => sampleTime,
  });
  return made;
}

test("from day to day it remembers what was resolved", async () => {
  write("1", attacked);
  write("2", clean);
  write("3", attacked);
  expect((await report("1")).changes).toBeUndefined();
  expect((await report("2", "1")).changes).toMatchObject({ resolved: [{ stack: "contoso" }], missing: [] });
  expect((await report("3", "2")).changes).toMatchObject({
    cameBack: [{ stack: "contoso" }],
    appeared: [],
    resolved: [],
  });
});

test("a stack that the last report had and this one lacks is named", async () => {
  write("1", clean, sampleDocument("fabrikam"));
  write("2", clean);
  expect((await report("2", "1")).changes?.missing).toEqual(["fabrikam"]);
});

test("a stack that a list of the project's stacks lacks is told as removed, and one that it has as not read", async () => {
  write("1", attacked, sampleDocument("fabrikam"), sampleDocument("tailspin"));
  const today = write("2", sampleDocument("fabrikam"));
  const options = { folder: today, since: join(folder, "1"), now: () => sampleTime };
  const { report: made } = await fleetReport({ ...options, stacks: "fabrikam tailspin" });
  expect(made.changes).toMatchObject({
    removed: ["contoso"],
    gone: [{ stack: "contoso" }],
    missing: [],
    unknown: [],
  });
  expect(made.tenants.map(({ stack, state }) => [stack, state])).toEqual([
    ["tailspin", "notRead"],
    ["fabrikam", "inOrder"],
  ]);
});

test("made twice, it tells the same", async () => {
  write("1", attacked);
  write("2", clean);
  const first = await report("2", "1");
  expect(await report("2", "1")).toEqual(first);
});

test("a history that cannot be read is told, with what to do", async () => {
  const last = write("1", clean);
  const file = join(last, "findings.history");
  writeFileSync(file, '{"stacks":[],"open":1}');
  write("2", clean);
  await expect(report("2", "1")).rejects.toMatchObject({
    code: "EXO_AUTH_FILE",
    message: `"${file}" cannot be read: Invalid type: Expected Array but received 1. If you delete it, the report compares with the documents of "${last}" alone.`,
  });
  expect(readFileSync(file, "utf8")).toBe('{"stacks":[],"open":1}');
});

test.each([
  [
    "an empty folder",
    "empty",
    (at: string) =>
      `The folder "${at}" has no documents of a fleet. Run \`exo-auth fleet check --out ${at}\` first.`,
  ],
  ["no folder", "none", (at: string) => `The folder "${at}" cannot be used: it does not exist.`],
])("%s is refused", async (_name, name, message) => {
  mkdirSync(join(folder, "empty"));
  await expect(report(name)).rejects.toMatchObject({ message: message(join(folder, name)) });
});
