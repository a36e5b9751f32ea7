import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { accept, parseBaseline, readBaseline } from "../../../operations/findings/baseline.ts";
import { sampleFinding, sampleReport } from "../../cli/findings/sampleReport.ts";

const section = { ...sampleReport.sections[0]!, accepted: [] };
const entry = { id: "EXO-TEST-WORST", subject: "subject-1", reason: "agreed", until: "2027-03-31" };

test("accepts that finding, with its reason, and no other of its kind", () => {
  const { findings, accepted } = accept(section, [entry], new Date("2027-03-31T23:59:59Z"));
  expect(findings.map(({ subject }) => subject)).toEqual(["subject-2"]);
  expect(accepted).toEqual([{ ...sampleFinding(), reason: "agreed", until: "2027-03-31" }]);
});

test("accepts nothing once the day has passed", () => {
  expect(accept(section, [entry], new Date("2027-04-01T00:00:00Z"))).toEqual(section);
});

test("reads the file of the project's folder, and none is no failure", async () => {
  const folder = mkdtempSync(join(tmpdir(), "exo-auth-baseline-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  expect(await readBaseline(folder)).toEqual([]);
  writeFileSync(
    join(folder, ".exo-auth"),
    "accept:\n  - id: EXO-TEST-WORST\n    subject: subject-1\n    reason: agreed\n    until: 2027-03-31\n",
  );
  expect(await readBaseline(folder)).toEqual([entry]);
});

test("is found as Pulumi.yaml is: in the folder or above, up to the project's own", async () => {
  const folder = mkdtempSync(join(tmpdir(), "exo-auth-baseline-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const below = join(folder, "project", "scripts", "nightly");
  mkdirSync(below, { recursive: true });
  writeBaseline(folder, "of somebody else");
  expect(await readBaseline(below)).toEqual([]);
  writeFileSync(join(folder, "project", "Pulumi.yaml"), "name: p\n");
  expect(await readBaseline(below)).toEqual([]);
  writeBaseline(join(folder, "project"), "subject-1");
  expect(await readBaseline(below)).toEqual([entry]);
});

test.each(["2027-02-31", "2027-13-01", "2027-00-10", "27-02-01", "2027-2-1"])(
  "an end that no calendar has is refused: %s",
  async (until) => {
    const text = `accept:\n  - { id: EXO-A, subject: s, reason: r, until: "${until}" }\n`;
    await expect(parseBaseline("f", text)).rejects.toThrow(
      "`accept.0.until` must be a day, such as 2027-03-31.",
    );
  },
);

test.each([
  ["nonsense", "it must have the list `accept`"],
  ["accept: no", '`accept` must be a list, got "no"'],
  ["accept: [no]", '`accept.0` must be an entry with properties, got "no"'],
  [
    "accept: [{ id: 5, subject: x, until: 2027-01-01, day: 1 }]",
    "`accept.0.id` must be a text, got 5; `accept.0.reason` is missing; `accept.0.day` is unknown",
  ],
])("%s is refused in words", async (text, problems) => {
  await expect(parseBaseline("f", text)).rejects.toMatchObject({
    message: `The baseline "f" cannot be used: ${problems}. Each entry of \`accept\` needs \`id\`, \`subject\`, \`reason\` and \`until\`.`,
  });
});

test.each([
  ["accept: [", /^The baseline "f" cannot be used: /],
  ["{}", /`accept` /],
  ["accept: []\nignore: []", /`ignore` /],
  [
    "accept:\n  - {id: password, subject: '', reason: ' ', until: next year, note: x}",
    /`accept\.0\.id` must be the ID of a finding.*`accept\.0\.subject` is empty; `accept\.0\.reason` is empty; `accept\.0\.until` must be a day, such as 2027-03-31.*`accept\.0\.note`/,
  ],
])("names everything that is wrong: %s", async (text, message) => {
  await expect(parseBaseline("f", text)).rejects.toMatchObject({
    code: "EXO_AUTH_FILE",
    reason: "configuration",
    message: expect.stringMatching(message),
  });
});

function writeBaseline(folder: string, subject: string): void {
  writeFileSync(
    join(folder, ".exo-auth"),
    `accept:\n  - { id: EXO-TEST-WORST, subject: ${subject}, reason: agreed, until: 2027-03-31 }\n`,
  );
}
