import { visibleJson } from "../../common/foreignText.ts";
import { version } from "../version.ts";
import type { AcceptedFinding, Finding, Rule, Section, Severity } from "../../operations/findings/finding.ts";
import type { PrintedReport } from "./printedReport.ts";

/**
 * A command's report as SARIF 2.1.0: a run for each command that its sections are from.
 *
 * @param keepAccepted whether accepted findings stand in it, as suppressed: GitHub's code scanning shows these as open.
 */
export function sarif(
  command: string,
  report: PrintedReport,
  rules: readonly Rule[],
  keepAccepted = false,
): string {
  const sources = new Set(report.sections.map((section) => section.command ?? command));
  const log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [...sources].map((source) => {
      const sections = report.sections.filter((section) => (section.command ?? command) === source);
      return run(source, { ...report, sections }, rules, keepAccepted);
    }),
  };
  return `${visibleJson(log, 2)}\n`;
}

function run(
  command: string,
  { project, stack, sections }: PrintedReport,
  rules: readonly Rule[],
  keepAccepted: boolean,
): Readonly<Record<string, unknown>> {
  const unread = sections.flatMap((section) =>
    section.unread.map((one) => ({ ...one, section: section.name })),
  );
  return {
    tool: {
      driver: {
        name: "exo-auth",
        version,
        semanticVersion: version,
        rules: rules.map(ruleDescriptor),
        notifications: [{ id: "UNREAD", shortDescription: { text: "Something could not be read." } }],
      },
    },
    // Code scanning closes the alerts that an upload of the same category lacks: it is this but for its last part.
    automationDetails: { id: `${project}/${stack}/${command}/` },
    invocations: [
      {
        executionSuccessful: unread.every(({ optional }) => optional === true),
        toolExecutionNotifications: unread.map(({ section, check, reason, optional }) => ({
          descriptor: { id: "UNREAD" },
          level: optional === true ? "note" : "error",
          message: { text: text(`${section}: ${check} could not be read: ${reason}`) },
        })),
      },
    ],
    results: sections.flatMap((section) => [
      ...section.findings.map((finding) => result(section, finding)),
      ...(keepAccepted ? section.accepted : []).map((finding) => ({
        ...result(section, finding),
        suppressions: [suppression(finding)],
      })),
    ]),
  };
}

const levels = { low: "note", medium: "warning", high: "error", critical: "error" } as const;

/** GitHub's scale from 0 to 10, which its code scanning groups by the same names. */
const scores: Readonly<Record<Severity, string>> = {
  low: "2.0",
  medium: "5.0",
  high: "8.0",
  critical: "9.5",
};

function ruleDescriptor({ id, title, severity, why, source }: Rule): Record<string, unknown> {
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: why },
    helpUri: source,
    defaultConfiguration: { level: levels[severity] },
    properties: { "security-severity": scores[severity], tags: ["security"] },
  };
}

function result({ name }: Section, finding: Finding): Record<string, unknown> {
  const { id, subject, title, severity, check, found, declared, why, remedy } = finding;
  return {
    ruleId: id,
    level: levels[severity],
    message: {
      text: `${title}: ${text(found)}. Declared: ${text(declared)}. ${why} Remedy: ${brackets(remedy)}`,
    },
    locations: [
      {
        // Code scanning shows only what has a place in a file, and what is declared begins with this one.
        physicalLocation: { artifactLocation: { uri: "Pulumi.yaml" }, region: { startLine: 1 } },
        logicalLocations: [{ fullyQualifiedName: `${name}/${check}`, kind: "resource" }],
      },
    ],
    partialFingerprints: { "exoAuthFinding/v1": `${name} ${id} ${subject}` },
  };
}

function suppression({ reason, until }: AcceptedFinding): Record<string, unknown> {
  return { kind: "external", status: "accepted", justification: `${reason} (until ${until})` };
}

/** What comes from a tenant stays text: an address is no address, and nothing in brackets a link. */
function text(value: string): string {
  return brackets(
    value.replaceAll(/:(?=\/\/)|(?<=www)\./gi, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`),
  );
}

/** SARIF's own escapes for what would begin a link: section 3.11.6 of its specification. */
function brackets(value: string): string {
  return value.replaceAll(/[\\[\]]/g, (character) => `\\${character}`);
}
