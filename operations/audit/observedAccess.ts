import type { GraphOutcome, GraphRead } from "../../graph/graphClient.ts";
import type { ApplicationObjects } from "../../graph/removal.ts";
import type { AuditRule, Look, RuleRead } from "./rule.ts";
import { rules } from "./rules.ts";

/** Everything that grants access through an application, as the tenant has it, by `readName`; each may have failed. */
export type ObservedAccess = Readonly<Record<string, GraphOutcome<Look>>>;

/** What an audit reads, in one batch: the state knows the object ids. Rules that read the same part share a request. */
export function accessReads(objects: ApplicationObjects): Readonly<Record<string, GraphRead<Look>>> {
  const reads = rules.flatMap((rule) =>
    rule.reads.map((read, index) => ({ name: readName(rule, index), read })),
  );
  const properties = new Map<string, Set<string>>();
  for (const { read } of reads) {
    properties.set(read.name, new Set([...(properties.get(read.name) ?? []), ...read.select]));
  }
  return Object.fromEntries(
    reads.map(({ name, read }) => [name, read.at(pathOf(read, objects, properties.get(read.name)))]),
  );
}

/** Names one read of a rule among the outcomes. */
export function readName({ id }: AuditRule, index: number): string {
  return `${id} ${index}`;
}

function pathOf(
  { path }: RuleRead,
  objects: ApplicationObjects,
  properties: ReadonlySet<string> = new Set(),
): string {
  const address = path(objects);
  if (properties.size === 0) return address;
  return `${address}${address.includes("?") ? "&" : "?"}$select=${["id", ...properties].join(",")}`;
}
