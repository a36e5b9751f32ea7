import type { RepairResult } from "../../operations/repair/repair.ts";
import type { Leftover } from "../../operations/repair/leftover.ts";
import { bad, good, skipped } from "./marks.ts";

/** What a person reads of `repair`. */
export function repairView({
  repaired,
  leftovers,
  usedMarkers,
  roleGroups = [],
  roleGroupsNotRead = [],
}: RepairResult): string {
  const lines = [
    ...leftovers.flatMap((leftover) => linesOf(leftover, repaired)),
    ...roleGroups.map(({ component, service, name, about, removal }) =>
      skipped(`left in ${service}: ${component}: the role group "${name}" ${about}: ${removal}`),
    ),
    ...roleGroupsNotRead.map((reason) => skipped(`role groups that may be left were not read in ${reason}`)),
  ];
  const hasDoubts = leftovers.some(({ action }) => action === "keep");
  const advice = [
    ...usedMarkers.map(
      ({ component, command }) =>
        `The marker of component "${component}" is public, because an application was known with it, and proves nothing about another. Run \`${command}\` instead of \`pulumi up\`. It creates another marker, and the application.`,
    ),
    ...(hasDoubts
      ? [
          "You decide about what is left alone. Look at what depends on it. Then run `exo-auth repair --adopt OBJECT-ID` or `exo-auth repair --delete OBJECT-ID`. `pulumi up` does not wait for that.",
        ]
      : []),
  ];
  const { first, last } = frame(leftovers, repaired, usedMarkers.length > 0);
  const end = [...advice, ...(last === undefined ? [] : [last])];
  return `${[first, ...lines, ...(end.length > 0 ? ["", ...end] : [])].join("\n")}\n`;
}

/** The first line, and the last. */
function frame(
  leftovers: readonly Leftover[],
  repaired: boolean,
  hasUsedMarkers: boolean,
): { readonly first: string; readonly last?: string } {
  const has = (wanted: Leftover["action"]): boolean => leftovers.some(({ action }) => action === wanted);
  if (!has("import") && !has("delete"))
    return {
      first: has("keep")
        ? "There is nothing to repair that is proven to belong to this stack."
        : "There is nothing to repair.",
    };
  if (!repaired)
    return {
      first: has("import")
        ? "The tenant has objects that this stack created and its state does not know:"
        : "This would be deleted:",
      last: has("import")
        ? "Nothing was changed. To do this, run the same command with --yes, and then `pulumi up`."
        : "Nothing was changed. To do this, run the same command with --yes.",
    };
  if (!has("import")) return { first: "Deleted." };
  return {
    first: "Repaired.",
    ...(!hasUsedMarkers && { last: "Run `pulumi up`, which finishes the rest." }),
  };
}

const words = {
  import: ["to be imported", "imported"],
  delete: ["to be deleted", "deleted"],
} as const;

function linesOf(
  { component, title, id, action, reasons = [], hangs = [], note }: Leftover,
  repaired: boolean,
): readonly string[] {
  const what = `${component}: ${title}`;
  const details =
    reasons.length === 0
      ? []
      : [
          ...reasons.map((reason) => `    why it is not proven: ${reason}`),
          ...hangs.filter((one) => !reasons.includes(one)).map((one) => `    on it: ${one}`),
        ];
  if (action === "keep")
    return [skipped(`left alone: ${what}, object ID ${id.split("/").at(-1) ?? ""}`), ...details];
  const [planned, done] = words[action];
  const line = repaired ? good(`${done}: ${what}`) : bad(`${planned}: ${what}`);
  return [line, ...(note === undefined ? [] : [`    ${note}`]), ...details];
}
