import { readFileSync } from "node:fs";
import { styleText, stripVTControlCharacters } from "node:util";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { validateXML } from "xmllint-wasm";
import { format, parseFormat } from "../../../cli/findings/formats.ts";
import { junit } from "../../../cli/findings/junit.ts";
import { markdown } from "../../../cli/findings/markdown.ts";
import { sarif } from "../../../cli/findings/sarif.ts";
import { findingsView } from "../../../cli/views/findingsView.ts";
import { visibleValues } from "../../../common/foreignText.ts";
import { cleanReport, sampleReport, sampleRules } from "./sampleReport.ts";

const xsd = readFileSync("tests/fixtures/schemas/junit-10.xsd", "utf8");
const ajv = new Ajv({ strict: false, allErrors: true });
ajv.addFormat("uri", (text: string) => URL.canParse(text));
ajv.addFormat("uri-reference", (text: string) => URL.canParse(text, "https://example.com"));
ajv.addFormat("date-time", (text: string) => !Number.isNaN(Date.parse(text)));
// Draft 4 names a schema by `id`, Ajv by `$id`; nothing else of this schema differs between the drafts.
const {
  id: $id,
  $schema: _draft4,
  ...schema
} = JSON.parse(readFileSync("tests/fixtures/schemas/sarif-schema-2.1.0.json", "utf8"));
const validateSarif = ajv.compile({ ...schema, $id });

test.each([
  ["a full report", sampleReport],
  ["a clean one", cleanReport],
])("SARIF of %s is valid by its published schema", (_name, report) => {
  validateSarif(JSON.parse(sarif("audit", report, sampleRules)));
  expect(validateSarif.errors ?? []).toEqual([]);
});

test("SARIF: each command of a stack has a category of its own, so that no upload closes the other's alerts", () => {
  const { project, stack } = sampleReport;
  const ids = ["drift", "audit"].map(
    (command) => JSON.parse(sarif(command, sampleReport, sampleRules)).runs[0].automationDetails.id,
  );
  expect(ids).toEqual([`${project}/${stack}/drift/`, `${project}/${stack}/audit/`]);
});

test("SARIF: what is accepted is left out, since GitHub would show it as an open alert", () => {
  const [run] = JSON.parse(sarif("audit", sampleReport, sampleRules)).runs;
  expect(run.results.map((one: Record<string, unknown>) => one["ruleId"])).toEqual([
    "EXO-TEST-WORST",
    "EXO-TEST-WORST",
  ]);
});

test("SARIF: levels, suppressions where they are asked for, fingerprints, and a failed invocation where something was not read", () => {
  const [run] = JSON.parse(sarif("audit", sampleReport, sampleRules, true)).runs;
  expect(
    run.results.map((one: Record<string, unknown>) => [
      one["ruleId"],
      one["level"],
      one["partialFingerprints"],
    ]),
  ).toEqual([
    ["EXO-TEST-WORST", "error", { "exoAuthFinding/v1": "exchange EXO-TEST-WORST subject-1" }],
    ["EXO-TEST-WORST", "error", { "exoAuthFinding/v1": "exchange EXO-TEST-WORST subject-2" }],
    ["EXO-TEST-MILD", "note", { "exoAuthFinding/v1": "exchange EXO-TEST-MILD subject-3" }],
  ]);
  expect(run.results[2].suppressions).toEqual([
    { kind: "external", status: "accepted", justification: "agreed & <signed> (until 2027-03-31)" },
  ]);
  expect(run.invocations).toEqual([
    {
      executionSuccessful: false,
      toolExecutionNotifications: [
        {
          descriptor: { id: "UNREAD" },
          level: "error",
          message: { text: "exchange: check 3 could not be read: Microsoft Graph answered 403 <no>" },
        },
      ],
    },
  ]);
});

test.each([
  ["a full report", sampleReport],
  ["a clean one", cleanReport],
])("JUnit of %s is valid by its published schema", async (_name, report) => {
  const result = await validateXML({
    xml: [{ fileName: "report.xml", contents: junit("audit", report) }],
    schema: [xsd],
  });
  expect(result.errors).toEqual([]);
  expect(result.valid).toBe(true);
});

test("JUnit: a suite a section, a case a check, what was not read an error", () => {
  const lines = junit("audit", sampleReport)
    .split("\n")
    .filter((line) => /<(testsuites?|testcase)/.test(line));
  expect(lines.map((line) => line.trim())).toEqual([
    '<testsuites name="exo-auth audit: stack production of project infrastructure">',
    '<testsuite name="audit exchange" tests="4" failures="1" errors="1">',
    '<testcase classname="exchange" name="check 1">',
    '<testcase classname="exchange" name="check 2">',
    '<testcase classname="exchange" name="check 3">',
    '<testcase classname="exchange" name="check 4"/>',
    '<testsuite name="audit reports" tests="1" failures="0" errors="0">',
    '<testcase classname="reports" name="check 1"/>',
  ]);
});

test("Markdown: what a tenant says is neither markup nor a mention, and stays in its cell", () => {
  const text = markdown("audit", visibleValues(sampleReport));
  const row = text.split("\n").find((line) => line.startsWith("| critical"));
  expect(row).toContain('\\<b\\>"Müller" \\& Söhne\\</b\\> \\| \\`x\\` \\]\\]\\>');
  expect(row).toContain(String.raw`\\u\{7\} @<!-- -->team\\u\{a\}next line`);
  expect(text).toContain("| check 3 | Microsoft Graph answered 403 \\<no\\> |");
  expect(text).toContain("| 2027-03-31 | agreed \\& \\<signed\\> |");
  expect(text).toContain("### reports\n\nnothing found in 1 check.\n");
});

test("text: every finding with what it takes to accept it, without control characters from the tenant", () => {
  const text = stripVTControlCharacters(findingsView("audit", visibleValues(sampleReport)));
  expect(text).toContain(
    [
      "✗ critical: The worst",
      "    found     another",
      "    declared  none",
      "    why       It is bad. https://example.com/worst",
      "    remedy    az rest --method delete --url 'https://graph.microsoft.com/v1.0/a/$ref'",
      "    accept    EXO-TEST-WORST subject-2",
    ].join("\n"),
  );
  expect(text).toContain("✗ could not be read: check 3: Microsoft Graph answered 403 <no>\n");
  expect(text).toContain("- accepted until 2027-03-31: A mild one subject-3: agreed & <signed>\n");
  expect(text).toMatch(/reports\n✓ nothing found in 1 check\n$/);
  expect(text).not.toContain("\u0007");
});

test("text: what could not be read is never called clean", () => {
  const unread = [{ check: "check 1", reason: "no network", denied: false }];
  const report = { ...cleanReport, sections: [{ ...cleanReport.sections[0]!, unread }] };
  expect(stripVTControlCharacters(findingsView("drift", report))).toBe(
    "Stack production of project infrastructure\n\nreports\n✗ could not be read: check 1: no network\n",
  );
  expect(findingsView("drift", cleanReport)).toContain(
    `${styleText("green", "✓", { validateStream: false })} 1 check, no drift`,
  );
});

test("json is the document that --json prints", async () => {
  const text = await format({ command: { name: "audit" }, report: cleanReport, rules: [] }, "json");
  expect(JSON.parse(text)).toEqual({ schemaVersion: 1, command: "audit", ...cleanReport });
});

test("an unknown format", () => {
  expect(() => parseFormat("html")).toThrow(
    '--format must be one of text, json, junit, sarif, markdown, got "html".',
  );
});
