import * as v from "valibot";
import type { StackResource } from "./resource.ts";
import { hasSealed } from "./sealedValues.ts";
import { plain } from "./values.ts";

/** What a component declares, as its own inputs have it; no refresh rewrites them. */
export type ComponentRecord = v.InferOutput<typeof ComponentRecord>;

const ComponentRecord = v.object({
  /** Absent where the application is not the stack's own. */
  signInAudience: v.optional(v.string()),
  /** Object ids; absent where the application is not the stack's own. */
  owners: v.optional(v.array(v.string())),
  permissions: v.array(
    v.object({
      /** The resource's client ID. */
      resourceAppId: v.string(),
      /** The permission's value or its app role's id. */
      permission: v.string(),
    }),
  ),
  /** Template ids of the application's roles. */
  roleTemplateIds: v.array(v.string()),
  /** Roles until a time; absent where none is declared, as in releases that did not know them. */
  timedRoles: v.optional(
    v.array(
      v.object({
        roleTemplateId: v.string(),
        /** RFC 3339 in UTC. */
        until: v.pipe(v.string(), v.isoTimestamp()),
      }),
    ),
  ),
  /** Names of role groups of Exchange Online; absent where none is declared, as in releases that did not know them. */
  exchangeRoleGroups: v.optional(v.array(v.string())),
  exchangeRoles: v.optional(
    v.array(
      v.object({
        role: v.string(),
        recipientFilter: v.optional(v.string()),
        /** An object id. */
        administrativeUnit: v.optional(v.string()),
      }),
    ),
  ),
  /** Names of role groups of Security & Compliance. */
  complianceRoleGroups: v.optional(v.array(v.string())),
  userRoles: v.array(v.object({ userPrincipalName: v.string(), roleTemplateId: v.string() })),
  /** Absent where there are none. */
  federatedCredentials: v.optional(
    v.array(v.object({ name: v.string(), issuer: v.string(), subject: v.string(), audience: v.string() })),
  ),
});

/**
 * What is known of a component's record: release 0.1.0 wrote none, and an update that did not finish may have left
 * anything but a whole one.
 */
export type RecordState =
  | { readonly kind: "known"; readonly record: ComponentRecord }
  | { readonly kind: "beforeUpgrade" }
  /** An argument that it holds is a secret, and the state was exported without these. */
  | { readonly kind: "sealed"; readonly property: string }
  | { readonly kind: "unknown"; readonly missing: string };

/** Reads the record of a component's resource. */
export function readRecord({ inputs }: Pick<StackResource, "inputs">): RecordState {
  if (Object.keys(inputs).join(" ") === "cloud") return { kind: "beforeUpgrade" };
  const property = Object.keys(ComponentRecord.entries).find((name) => hasSealed(inputs[name]));
  if (property !== undefined) return { kind: "sealed", property };
  const parsed = v.safeParse(ComponentRecord, plain(inputs));
  if (parsed.success) return { kind: "known", record: parsed.output };
  const missing = parsed.issues.map((issue) => v.getDotPath(issue) ?? "everything").join(", ");
  return { kind: "unknown", missing };
}
