import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { fleetHtml } from "../../../cli/fleet/formats.ts";
import { fleetMarkdown, fleetNews } from "../../../cli/fleet/fleetMarkdown.ts";
import { openMetrics } from "../../../cli/fleet/openMetrics.ts";
import { fleetView } from "../../../cli/views/fleetView.ts";
import type { FleetReport } from "../../../operations/fleet/fleetSummary.ts";
import { fleetSummary } from "../../../operations/fleet/fleetSummary.ts";
import { sampleFinding } from "../findings/sampleReport.ts";
import {
  brokenSample,
  cleanSection,
  failedDocument,
  sampleApplication,
  sampleComponent,
  sampleDiscovery,
  sampleDocument,
  sampleTime,
  sampleTimedRole,
} from "../fleetSample.ts";

const finding = { ...sampleFinding(), title: "Client secret", found: "a|b", remedy: "exo-auth audit --fix" };
const known = { ...finding, stack: "contoso", part: "audit" as const, section: "exchange" };
const report: FleetReport = {
  ...fleetSummary(
    [
      sampleDocument("contoso", { audit: [{ ...cleanSection, findings: [finding] }] }),
      sampleDocument('a"b\\c', { components: [{ ...sampleComponent(), timedRoles: [sampleTimedRole] }] }),
      failedDocument("fabrikam"),
    ],
    [brokenSample],
    sampleTime,
  ),
  changes: {
    appeared: [known],
    cameBack: [],
    resolved: [],
    unknown: [],
    gone: [],
    missing: ["tailspin"],
    removed: [],
  },
};

test("Markdown: totals, changes, a table, and what was found in each stack", () => {
  const lines = fleetMarkdown(report).split("\n");
  expect(lines.filter((line) => line.startsWith("#"))).toEqual([
    "## exo-auth fleet report: 3 stacks: 1 not read, 1 with findings, 1 expiring",
    "### New",
    "### Not in this report",
    "### Files that could not be read",
    "### fabrikam",
    "### contoso",
    '### a"b\\\\c',
  ]);
  expect(lines).toContain(`- ${finding.severity}: contoso: Client secret \\(subject-1\\)`);
  expect(lines).toContain("- stack tailspin");
  expect(lines).toContain("- ends first: role Security Reader, 9 days left");
  expect(lines).toContain("- notes.json: it is no document");
  expect(lines).toContain("- not read: The stack: No such key.");
  expect(lines).toContain(
    `- ${finding.severity}: Client secret (\`${finding.id}\`): a\\|b. Remedy: \`exo-auth audit --fix\``,
  );
  expect(lines.filter((line) => line.startsWith("| contoso"))).toEqual([
    `| contoso | contoso.onmicrosoft.com | with findings | 1 ${finding.severity} | 306 | 2027-07-01 | 2026-11-01 | 2026-11-28 05:00 UTC |`,
  ]);
});

test("OpenMetrics: each value with its labels, and the end", () => {
  expect(openMetrics(report).replaceAll(/^exo_auth_(?:stack_state|findings).* 0\n/gm, "")).toBe(`\
# TYPE exo_auth_stack_state gauge
# HELP exo_auth_stack_state 1 for the state of a stack, 0 for each other state.
exo_auth_stack_state{stack="fabrikam",state="notRead"} 1
exo_auth_stack_state{stack="contoso",state="findings"} 1
exo_auth_stack_state{stack="a\\"b\\\\c",state="expiring"} 1
# TYPE exo_auth_findings gauge
# HELP exo_auth_findings Findings of a stack, by severity.
exo_auth_findings{stack="contoso",severity="critical"} 1
# TYPE exo_auth_not_read gauge
# HELP exo_auth_not_read What could not be read of a stack.
exo_auth_not_read{stack="fabrikam"} 1
exo_auth_not_read{stack="contoso"} 0
exo_auth_not_read{stack="a\\"b\\\\c"} 0
# TYPE exo_auth_check_timestamp_seconds gauge
# UNIT exo_auth_check_timestamp_seconds seconds
# HELP exo_auth_check_timestamp_seconds When the last check of a stack began.
exo_auth_check_timestamp_seconds{stack="fabrikam"} 1795842000
exo_auth_check_timestamp_seconds{stack="contoso"} 1795842000
exo_auth_check_timestamp_seconds{stack="a\\"b\\\\c"} 1795842000
# TYPE exo_auth_certificate_end_timestamp_seconds gauge
# UNIT exo_auth_certificate_end_timestamp_seconds seconds
# HELP exo_auth_certificate_end_timestamp_seconds When a certificate ends.
exo_auth_certificate_end_timestamp_seconds{stack="contoso",component="exchange",generation="2",current="true"} 1822348800
exo_auth_certificate_end_timestamp_seconds{stack="contoso",component="exchange",generation="1",current="false"} 1796083200
exo_auth_certificate_end_timestamp_seconds{stack="a\\"b\\\\c",component="exchange",generation="2",current="true"} 1822348800
exo_auth_certificate_end_timestamp_seconds{stack="a\\"b\\\\c",component="exchange",generation="1",current="false"} 1796083200
# TYPE exo_auth_role_end_timestamp_seconds gauge
# UNIT exo_auth_role_end_timestamp_seconds seconds
# HELP exo_auth_role_end_timestamp_seconds When a role of timedRoles ends.
exo_auth_role_end_timestamp_seconds{stack="a\\"b\\\\c",component="exchange",role="Security Reader"} 1796688000
# TYPE exo_auth_broken_files gauge
# HELP exo_auth_broken_files Files of the fleet's folder that could not be read.
exo_auth_broken_files 1
# EOF
`);
});

test("a person reads the changes below the table", () => {
  expect(fleetView(report).split("\n").slice(-6)).toEqual([
    "New:",
    `  ${finding.severity}: contoso: Client secret (${finding.subject})`,
    "",
    "Not in this report:",
    "  stack tailspin",
    "",
  ]);
});

test("OpenMetrics: two components of one name make no text that Prometheus refuses", () => {
  const document = sampleDocument("contoso");
  const [component] = document.result?.components ?? [];
  const [generation] = component?.generations ?? [];
  const sooner = { ...component!, generations: [{ ...generation!, notAfter: "2027-01-01T00:00:00Z" }] };
  const twice = {
    ...document,
    result: { ...document.result!, components: [{ ...component!, generations: [generation!] }, sooner] },
  };
  const text = openMetrics(fleetSummary([twice], [], sampleTime));
  expect(text.split("\n").filter((line) => line.startsWith("exo_auth_certificate_end"))).toEqual([
    `exo_auth_certificate_end_timestamp_seconds{stack="contoso",component="${component!.component}",generation="${generation!.generation}",current="true"} 1798761600`,
  ]);
});

test("an issue has as much as GitHub takes, and says how much it leaves out", () => {
  const changes = {
    appeared: [],
    cameBack: [],
    resolved: [known],
    unknown: [known],
    gone: [known],
    missing: [],
    removed: ["tailspin"],
  };
  expect(fleetNews({ ...report, changes })).toBe("");
  const many = Array.from({ length: 2000 }, (_, index) => ({ ...known, subject: `subject-${index}` }));
  const lines = fleetNews({ ...report, changes: { ...changes, cameBack: many } }).split("\n");
  const kept = lines.filter((line) => line.startsWith("- "));
  expect(lines[0]).toBe("### Came back");
  expect(kept.length).toBeGreaterThan(500);
  expect(lines.slice(-3)).toEqual(["", `${2000 - kept.length} more are in the report.`, ""]);
  expect(lines.join("\n").length).toBeLessThan(50_100);
});

describe("what may act on Exchange and no stack declares", () => {
  const discovered = { ...sampleDiscovery, notRead: [] };
  const found = fleetSummary([{ ...sampleDocument("contoso"), discovered }], [], sampleTime);
  const adopt = `exo-auth adopt --stack contoso --app-id ${sampleApplication.appId} --existing`;

  test("text: how to adopt it", () => {
    expect(stripVTControlCharacters(fleetView(found)).split("\n").slice(4)).toEqual([
      `    may act on Exchange: Mailbox jobs: to adopt it: ${adopt}`,
      "",
    ]);
  });

  test("Markdown: all that is known of it", () => {
    const lines = fleetMarkdown(found).split("\n");
    const from = lines.indexOf("### contoso");
    expect(lines.slice(from, from + 9)).toEqual([
      "### contoso",
      "",
      "The stack does not declare 1 application that may act on Exchange:",
      "",
      "#### Mailbox jobs",
      "",
      "- Exchange.ManageAsApp of Office 365 Exchange Online",
      "- certificate c1 on the application, SHA-256 AB, expired 2025-01-01 00:00 UTC",
      "- federated credential github on the application, without an end",
    ]);
    expect(lines).toContain(`- to adopt it: ${adopt}`);
    expect(lines.filter((line) => line.includes(sampleFinding().id))).toHaveLength(1);
    expect(lines).not.toContain("#### exchange");
  });

  test("the web page: each application, and whether the stack declares it", async () => {
    const page = await fleetHtml(found);
    expect(page).toContain("<h4>May act on Exchange</h4>");
    expect(page).toContain(`exchange (<code>${sampleComponent().appId}</code>), declared by this stack`);
    expect(page).toContain(
      `Mailbox jobs (<code>${sampleApplication.appId}</code>), <b>not declared by this stack</b>`,
    );
    expect(page).toContain("<li>last sign-in 2026-11-20 05:00 UTC</li>");
    expect(page).toContain(`<li>to adopt it: ${adopt}</li>`);
  });
});
