import { alignedMarkdownTable } from "../../common/markdownTable.ts";
import { propertyTreatments } from "../../operations/audit/propertyTreatments.ts";

/** docs/unreadProperties.md: what an audit leaves out of the objects that it reads, and why. */
export function unreadPropertiesPage(): string {
  const sections = [
    "# Properties that no finding reads",
    "For people who want to know what [`exo-auth audit`](audit.md) leaves out. A test compares the audit with the published metadata of Microsoft Graph. The audit reads every property of the application, its service principal and its federated credentials, except these:",
    alignedMarkdownTable(["why not", "properties"], unreadByReason()),
  ];
  return `${sections.join("\n\n")}\n`;
}

function unreadByReason(): readonly (readonly string[])[] {
  const unread = Object.entries(propertyTreatments).flatMap(([type, all]) =>
    Object.entries(all).flatMap(([name, treatment]) =>
      "rule" in treatment ? [] : [{ reason: treatment.notRead, property: `\`${type}.${name}\`` }],
    ),
  );
  return [...new Set(unread.map(({ reason }) => reason))].map((reason) => [
    reason,
    unread.flatMap((one) => (one.reason === reason ? [one.property] : [])).join(", "),
  ]);
}
