import { type GivenRoles, hasSteps } from "../../operations/grant/givenRoles.ts";
import { serviceNames } from "../../operations/grant/declaredRoles.ts";
import type { ServiceGrant } from "../../operations/grant/serviceGrant.ts";
import type { TimedRoleGrant } from "../../operations/timedRoles/grantTimedRoles.ts";
import { bad, good, skipped } from "./marks.ts";

/** What a person reads of `grant`. */
export function grantView({ applied, remove, grants, timedRoles, beforeUpdate }: GivenRoles): string {
  const isBefore = beforeUpdate === true;
  const lines = [
    ...timedRoles.flatMap((one) => timedRoleLines(one, applied)),
    ...grants.flatMap((one) => linesOf(one, applied)),
    ...(isBefore && timedRoles.length === 0
      ? [good("The next `pulumi up` moves no role between `roles` and `timedRoles`")]
      : []),
  ];
  const all = [...grants, ...timedRoles];
  const isOpen = all.some(hasSteps);
  const pending = [
    ...(grants.some(isPending) ? ["Exchange"] : []),
    ...(timedRoles.some(isPending) ? ["Entra"] : []),
  ];
  const end = [
    ...(!applied && isOpen ? ["Nothing was changed. To do this, run the same command with --yes."] : []),
    ...(pending.length > 0
      ? [
          `${pending.join(" and ")} accepted the changes, but does not show all of them yet. Run the command again later.`,
        ]
      : []),
    ...(applied && isOpen && pending.length === 0 ? [nextOf({ isBefore, remove })] : []),
  ];
  if (lines.length === 0) lines.push(good("Nothing is declared, and nothing was given"));
  return `${[...lines, ...(end.length > 0 ? ["", ...end] : [])].join("\n")}\n`;
}

/** What to do after a change, or to expect of it. */
function nextOf({ isBefore, remove }: { readonly isBefore: boolean; readonly remove: boolean }): string {
  if (isBefore) return "Now run `pulumi up`.";
  return remove
    ? "Microsoft's servers can take minutes to refuse the job what it could do."
    : "Exchange can take minutes to let the job use this. `exo-auth verify` waits for that.";
}

function isPending({ pending }: { readonly pending: readonly unknown[] }): boolean {
  return pending.length > 0;
}

function linesOf(
  { component, service, steps, pending, notes, notRead }: ServiceGrant,
  applied: boolean,
): readonly string[] {
  const what = `${component} in ${serviceNames[service]}`;
  if (notRead !== undefined) return [skipped(`${what}: not read, and nothing is declared. ${notRead}`)];
  return [
    heading(what, { steps, pending, applied }),
    ...steps.map(({ title, cmdlet }) => `    ${title} (${cmdlet})`),
    ...pending.map(({ title }) => `    not shown yet: ${title}`),
    ...notes.map((note) => `    ${note}`),
  ];
}

function timedRoleLines(
  { component, steps, pending, notes, state = [] }: TimedRoleGrant,
  applied: boolean,
): readonly string[] {
  return [
    heading(`${component} in Entra`, { steps: [...steps, ...state], pending, applied }),
    ...steps.map(({ title, action }) => `    ${title} (${action})`),
    ...state.map((step) => `    ${step}`),
    ...pending.map(({ title }) => `    not shown yet: ${title}`),
    ...notes.map((note) => `    ${note}`),
  ];
}

function heading(
  what: string,
  {
    steps,
    pending,
    applied,
  }: { readonly steps: readonly unknown[]; readonly pending: readonly unknown[]; readonly applied: boolean },
): string {
  const isOpen = (applied ? pending : steps).length > 0;
  const words =
    steps.length === 0 ? "matches the last `pulumi up`" : applied ? "was changed" : "would be changed";
  return (isOpen ? bad : good)(`${what} ${words}`);
}
