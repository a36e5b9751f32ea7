import { markdownTable } from "../../common/markdownTable.ts";
import { timeInWords } from "../../common/time.ts";
import type { DiscoveredApplication, DiscoverResult } from "../../operations/adoption/discover.ts";
import { code, text } from "../findings/markdown.ts";
import { credentialText, adoptionLines, notReadLines, ownerText } from "./words.ts";

/** What was discovered as a Markdown page: a table of all, and a part for each application. */
export function discoveryPage({ tenantId, applications, notRead }: DiscoverResult): string {
  const overview = markdownTable(
    ["application", "application ID", "credentials", "owners", "last sign-in", "findings"],
    applications.map(({ displayName, appId, credentials, owners, lastSignIn, findings }) => [
      text(displayName),
      code(appId),
      String(credentials.length),
      String(owners.length),
      lastSignIn === undefined ? "" : text(timeInWords(lastSignIn)),
      String(findings.length),
    ]),
  );
  return `${[
    `## Applications of tenant ${text(tenantId)} that may act on Exchange`,
    ...(applications.length > 0 ? [overview] : ["None was found."]),
    ...applications.map((application) => applicationPart(application, "###")),
    ...(notRead.length > 0 ? [list(notReadLines(notRead))] : []),
  ].join("\n\n")}\n`;
}

/**
 * An application with all that is known of it.
 *
 * @param stack which one would declare it. @default the one that is selected
 */
export function applicationPart(
  application: DiscoveredApplication,
  heading: "###" | "####",
  stack?: string,
): string {
  const { displayName, access, credentials, owners, findings } = application;
  const lines = [
    ...access,
    ...credentials.map(credentialText),
    ...owners.map(ownerText),
    ...adoptionLines(application, stack),
  ];
  const table = markdownTable(
    ["severity", "finding", "found", "remedy"],
    findings.map(({ severity, id, title, found, remedy }) => [
      severity,
      `${text(title)} (${code(id)})`,
      text(found),
      code(remedy),
    ]),
  );
  return [`${heading} ${text(displayName)}`, list(lines), ...(findings.length > 0 ? [table] : [])].join(
    "\n\n",
  );
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${text(line)}`).join("\n");
}
