import type { GrantResult } from "../../operations/grant/grant.ts";
import { serviceNames } from "../../operations/grant/declaredRoles.ts";
import type { ServiceGrant } from "../../operations/grant/serviceGrant.ts";
import { bad, good, skipped } from "./marks.ts";

/** What a person reads of `grant`. */
export function grantView({ applied, grants }: GrantResult): string {
  const lines = grants.flatMap((one) => linesOf(one, applied));
  const isOpen = grants.some(({ steps }) => steps.length > 0);
  const isPending = grants.some(({ pending }) => pending.length > 0);
  const end = [
    ...(!applied && isOpen ? ["Nothing was changed. To do this, run the same command with --yes."] : []),
    ...(isPending
      ? ["Exchange accepted the changes, but does not show all of them yet. Run the command again later."]
      : []),
    ...(applied && isOpen && !isPending
      ? ["Exchange can take minutes to let the job use this. `exo-auth verify` waits for that."]
      : []),
  ];
  return `${[...lines, ...(end.length > 0 ? ["", ...end] : [])].join("\n")}\n`;
}

function linesOf(
  { component, service, steps, pending, notes, notRead }: ServiceGrant,
  applied: boolean,
): readonly string[] {
  const what = `${component} in ${serviceNames[service]}`;
  if (notRead !== undefined) return [skipped(`${what}: not read, and nothing is declared. ${notRead}`)];
  const isOpen = (applied ? pending : steps).length > 0;
  const words =
    steps.length === 0 ? "matches the last `pulumi up`" : applied ? "was changed" : "would be changed";
  return [
    (isOpen ? bad : good)(`${what} ${words}`),
    ...steps.map(({ title, cmdlet }) => `    ${title} (${cmdlet})`),
    ...pending.map(({ title }) => `    not shown yet: ${title}`),
    ...notes.map((note) => `    ${note}`),
  ];
}
