import { powerShellText } from "../../common/powerShell.ts";
import { needsBrackets } from "./recipientFilter.ts";

/** Text in double quotes. These patterns mean the same to JavaScript and to PowerShell. */
const doubleQuoted = `"([^"']*)"`;

/** What Exchange may write in other ways outside of quotes, where brackets change nothing. */
const spacesAndBrackets = "('(?:[^']|'')*')|[\\s(){}]+";

/** The same, where brackets are needed. */
const spaces = "('(?:[^']|'')*')|\\s+";

/** PowerShell's function for the comparison of filters. */
export const filterFunction = `function Format-Filter($filter, $pattern) { "$filter" -replace ${powerShellText(doubleQuoted)}, ${powerShellText("'$1'")} -replace $pattern, '$1' }`;

/**
 * Whether the management scope in a script block has a filter: as `isSameFilter`, but for brackets around one that needs
 * some. PowerShell's operators ignore case.
 */
export function hasFilter(filter: string): string {
  const pattern = needsBrackets(filter) ? spaces : spacesAndBrackets;
  const wanted = filter
    .replaceAll(new RegExp(doubleQuoted, "g"), "'$1'")
    .replaceAll(new RegExp(pattern, "g"), "$1");
  return `(Format-Filter $_.RecipientFilter ${powerShellText(pattern)}) -eq ${powerShellText(wanted)}`;
}
