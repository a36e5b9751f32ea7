import type { Section } from "../../operations/findings/finding.ts";
import type { PrintedReport } from "./printedReport.ts";

/** A report as JUnit's XML: a suite a section, a test case a check. */
export function junit(command: string, { project, stack, sections }: PrintedReport): string {
  const suites = sections.map((section) => suite(section.command ?? command, section));
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites${attributes({ name: `exo-auth ${command}: stack ${stack} of project ${project}` })}>
${suites.join("\n")}
</testsuites>
`;
}

function suite(command: string, section: Section): string {
  const cases = section.checks.map((check) => testCase(section, check));
  const failing = section.checks.filter((check) =>
    section.findings.some((finding) => finding.check === check),
  );
  const counts = {
    tests: section.checks.length,
    failures: failing.length,
    errors: new Set(section.unread.filter(({ optional }) => optional !== true).map(({ check }) => check))
      .size,
  };
  return `  <testsuite${attributes({ name: `${command} ${section.name}`, ...counts })}>
${cases.join("\n")}
  </testsuite>`;
}

function testCase({ name, findings, accepted, unread }: Section, check: string): string {
  const here = <T extends { readonly check: string }>(items: readonly T[]): readonly T[] =>
    items.filter((item) => item.check === check);
  const failures = here(findings);
  const results = [
    ...(failures.length === 0
      ? []
      : [
          element(
            "failure",
            {
              type: failures.map(({ id }) => id).join(" "),
              message: failures.map(({ title }) => title).join("; "),
            },
            failures
              .map(
                ({ id, subject, severity, found, declared, why, source, remedy }) =>
                  `${id} ${subject}\nseverity: ${severity}\nfound: ${found}\ndeclared: ${declared}\nwhy: ${why} ${source}\nremedy: ${remedy}`,
              )
              .join("\n\n"),
          ),
        ]),
    ...here(unread)
      .slice(0, 1)
      .map(({ reason, optional }) =>
        optional === true
          ? element("skipped", {}, `not read: ${reason}`)
          : element("error", { type: "unread", message: "could not be read" }, reason),
      ),
    ...here(accepted).map(({ id, subject, reason, until }) =>
      element("system-out", {}, `accepted until ${until}: ${id} ${subject}: ${reason}`),
    ),
  ];
  const own = attributes({ classname: name, name: check });
  return results.length === 0
    ? `    <testcase${own}/>`
    : `    <testcase${own}>\n${results.map((line) => `      ${line}`).join("\n")}\n    </testcase>`;
}

function element(name: string, given: Readonly<Record<string, string>>, content: string): string {
  return `<${name}${attributes(given)}>${escape(content)}</${name}>`;
}

function attributes(given: Readonly<Record<string, string | number>>): string {
  return Object.entries(given)
    .map(([name, value]) => ` ${name}="${escape(String(value))}"`)
    .join("");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#10;",
};

/** XML has no way to write other control characters, nor halves of surrogate pairs. */
function escape(text: string): string {
  return (
    text
      // oxlint-disable-next-line no-control-regex
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, "\ufffd")
      .replaceAll(/[&<>"\n]/g, (character) => entities[character] ?? character)
  );
}
