import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { FleetReport } from "../../../operations/fleet/fleetSummary.ts";
import { type CliFolder, type CliResult, makeCliFolder } from "../cliProcess.ts";
import { cleanSection, failedDocument, sampleDocument } from "../fleetSample.ts";
import { sampleFinding } from "../findings/sampleReport.ts";

const attacked = sampleDocument("org/fabrikam", {
  audit: [{ ...cleanSection, findings: [{ ...sampleFinding(), title: "Client secret", subject: "@all" }] }],
});

/** A folder `fleet` with the documents of two jobs. */
function withDocuments(): CliFolder {
  const folder = makeCliFolder();
  const jobs = { a: [sampleDocument("contoso"), attacked], b: [failedDocument("litware")] };
  for (const [job, documents] of Object.entries(jobs)) {
    mkdirSync(join(folder.path, "fleet", job), { recursive: true });
    for (const [index, document] of documents.entries())
      writeFileSync(join(folder.path, "fleet", job, `${index}.json`), JSON.stringify(document));
  }
  return folder;
}

test("a stack that was to be checked and left no document is not read, and never was", async () => {
  const folder = withDocuments();
  const { exitCode, stdout } = await report(folder, "--stacks", "contoso tailspin,litware", "--json");
  expect(exitCode).toBe(0);
  const { tenants, totals } = JSON.parse(stdout) as FleetReport;
  expect(totals).toMatchObject({ notRead: 2, findings: 1 });
  expect(tenants.find(({ stack }) => stack === "tailspin")).toMatchObject({
    state: "notRead",
    isStale: true,
    began: "1970-01-01T00:00:00.000Z",
    unread: [
      {
        reason: "The folder has no document of this stack, so its check did not end. See the log of its job.",
      },
    ],
  });
  const { stdout: text } = await report(folder, "--stacks", "tailspin");
  expect(text).toMatch(/^✗ tailspin +not read +never$/m);
  expect((await report(folder, "--stacks", "tailspin", "--fail-on", "none")).exitCode).toBe(1);
});

test("an issue tells what is new and nothing else, and a second time nothing", async () => {
  const folder = withDocuments();
  mkdirSync(join(folder.path, "last"));
  const told = async (since: string): Promise<string> => {
    const { exitCode, stderr } = await report(folder, "--since", since, "--issue", "issue.md");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    return readFileSync(join(folder.path, "issue.md"), "utf8");
  };
  const { severity } = sampleFinding();
  expect(await told("last")).toBe(
    `### New\n\n- ${severity}: org/fabrikam: Client secret \\(@<!-- -->all\\)\n`,
  );
  expect(await told("fleet")).toBe("");
  const history = JSON.parse(readFileSync(join(folder.path, "fleet", "findings.history"), "utf8")) as object;
  writeFileSync(
    join(folder.path, "last", "findings.history"),
    JSON.stringify({ ...history, stacks: ["contoso", "northwind"] }),
  );
  expect(await told("last")).toBe("### Not in this report\n\n- stack northwind\n");
});

test("each stack's reports are those of the single commands", async () => {
  const folder = withDocuments();
  expect((await report(folder, "--junit", "reports", "--sarif", "reports")).exitCode).toBe(0);
  const files = readdirSync(join(folder.path, "reports"), { recursive: true, encoding: "utf8" });
  expect(files.filter((file) => file.includes(".")).toSorted()).toEqual(
    ["audit", "drift"].flatMap((part) =>
      ["contoso.sarif", "contoso.xml", "org-fabrikam.sarif", "org-fabrikam.xml"].map(
        (file) => `${part}/${file}`,
      ),
    ),
  );
  const read = (file: string): string => readFileSync(join(folder.path, "reports", file), "utf8");
  expect(JSON.parse(read("audit/org-fabrikam.sarif"))).toMatchObject({
    runs: [
      {
        automationDetails: { id: "infrastructure/org/fabrikam/audit/" },
        results: [{ ruleId: sampleFinding().id }],
      },
    ],
  });
  expect(read("drift/org-fabrikam.xml")).not.toContain("<failure");
  expect(read("audit/org-fabrikam.xml")).toContain(`<failure type="${sampleFinding().id}"`);
});

test.each([
  [2, ["--issue", "issue.md"], "--issue tells what is new since another report. Give --since, too."],
  [
    1,
    ["--sarif", "contoso.json"],
    /^"contoso\.json\/drift\/contoso\.sarif" could not be written: .*Give another file with --sarif\.$/,
  ],
])("exit code %i for %j", async (code, args, message) => {
  const folder = withDocuments();
  writeFileSync(join(folder.path, "contoso.json"), "");
  const { exitCode, stderr } = await report(folder, ...args);
  expect(exitCode).toBe(code);
  expect(stderr.replace("exo-auth fleet report: ", "").trim()).toMatch(message);
});

function report(folder: CliFolder, ...args: readonly string[]): Promise<CliResult> {
  return folder.run("fleet", "report", "fleet", ...args);
}
