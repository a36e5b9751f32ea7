import type { KnownResource } from "./knownResource.ts";
import type { Settings, SettingSchema } from "./rule.ts";

/** A resource that a rule passes over for a time. */
export interface Exception {
  /** The resource's name, or its URN. */
  readonly resource: string;
  /** Why. */
  readonly reason: string;
  /** The last day on which it holds, `2026-12-31`, in UTC. */
  readonly until: string;
}

/** The setting of every rule that lists its exceptions. Pulumi checks a configuration against it. */
export const exceptionsSchema: SettingSchema = {
  type: "array",
  default: [],
  items: {
    type: "object",
    required: ["resource", "reason", "until"],
    additionalProperties: false,
    properties: {
      resource: { type: "string", minLength: 1 },
      reason: { type: "string", pattern: String.raw`\S` },
      until: { type: "string", pattern: String.raw`^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$` },
    },
  },
};

/** The exceptions of a rule's configuration, which Pulumi has checked. */
export function exceptionsOf(settings: Settings): readonly Exception[] {
  return (settings["exceptions"] ?? []) as readonly Exception[];
}

/** Whether a resource is excepted now; otherwise its exception that has ended last, if there is one. */
export function exceptionFor(
  { name, urn }: KnownResource,
  exceptions: readonly Exception[],
  now: Date,
): { readonly isExcepted: boolean; readonly ended?: Exception } {
  const today = now.toISOString().slice(0, 10);
  const own = exceptions
    .filter(({ resource }) => resource === name || resource === urn)
    .toSorted((one, other) => (one.until < other.until ? 1 : -1));
  const [last] = own;
  if (last === undefined) return { isExcepted: false };
  return last.until >= today ? { isExcepted: true } : { isExcepted: false, ended: last };
}
