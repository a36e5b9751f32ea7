import * as v from "valibot";
import type { ErrorCode } from "../../common/failure.ts";
import { errorCodeMeanings } from "../../common/failure.ts";
import { type CheckedStack, type CheckPart, checkParts } from "../check/check.ts";
import type { Section } from "../findings/finding.ts";
import type { ComponentStatus } from "../status.ts";
import { findingFields } from "./documentFields.ts";
import { FoundApplications } from "./foundApplications.ts";

/** What a check of one stack came to, as `fleet check --out` writes it: one file a stack. */
export interface FleetDocument {
  /** The version of this form; grows when a reader would have to change. */
  readonly fleetVersion: 1;
  /** The stack as Pulumi names it. */
  readonly stack: string;
  /** When its check began, RFC 3339. */
  readonly began: string;
  /** What was looked at. */
  readonly parts: readonly CheckPart[];
  /** Absent where the stack could not be checked at all. */
  readonly result?: CheckedStack;
  /** Why not; absent where it was checked. */
  readonly failure?: { readonly code: ErrorCode; readonly message: string };
  /** What may act on Exchange in the stack's tenant; absent where nobody asked. */
  readonly discovered?: FoundApplications;
}

/** Everything that a check found, of whatever part. */
export function foundSections({ result }: Pick<FleetDocument, "result">): readonly Section[] {
  const { drift = [], audit = [], policies = [] } = result ?? {};
  return [...drift, ...audit, ...policies];
}

/** When the check of a stack began that nobody checked. */
export const neverBegan = "1970-01-01T00:00:00.000Z";

const Code = v.picklist(Object.keys(errorCodeMeanings) as ErrorCode[]);

const FoundSection: v.GenericSchema<unknown, Section> = v.object({
  name: v.string(),
  checks: v.array(v.string()),
  findings: v.array(v.object(findingFields)),
  accepted: v.array(v.object({ ...findingFields, reason: v.string(), until: v.string() })),
  unread: v.array(
    v.object({
      check: v.string(),
      reason: v.string(),
      denied: v.boolean(),
      optional: v.exactOptional(v.boolean()),
      code: v.exactOptional(Code),
    }),
  ),
  notes: v.array(v.string()),
});

const Time = v.pipe(v.string(), v.isoTimestamp());

/** Each field by its name: one that is not here would be lost on the way to a report. */
const componentFields = {
  component: v.string(),
  cloud: v.string(),
  tenantId: v.string(),
  tenantDomain: v.string(),
  appId: v.string(),
  applicationObjectId: v.string(),
  servicePrincipalObjectId: v.string(),
  tenant: v.union([
    v.object({
      application: v.picklist(["present", "blocked", "absent", "recycleBin", "gone"]),
      servicePrincipalDisabled: v.exactOptional(v.literal(true)),
    }),
    v.object({ notRead: v.string() }),
  ]),
  roles: v.array(v.string()),
  exchangeRoles: v.exactOptional(
    v.object({
      declared: v.array(v.string()),
      findings: v.exactOptional(v.array(v.string())),
      notRead: v.exactOptional(v.string()),
    }),
  ),
  timedRoles: v.exactOptional(
    v.array(
      v.object({
        role: v.string(),
        until: Time,
        daysLeft: v.number(),
        held: v.exactOptional(v.boolean()),
        endsAt: v.exactOptional(v.nullable(Time)),
      }),
    ),
  ),
  timedRolesNotRead: v.exactOptional(v.string()),
  generations: v.array(
    v.object({
      generation: v.string(),
      current: v.boolean(),
      thumbprint: v.string(),
      keyId: v.string(),
      notBefore: Time,
      notAfter: Time,
      daysLeft: v.number(),
    }),
  ),
  federatedCredentials: v.exactOptional(
    v.array(v.object({ name: v.string(), issuer: v.string(), subject: v.string(), audience: v.string() })),
  ),
  nextRotation: v.exactOptional(Time),
} satisfies Readonly<Record<keyof ComponentStatus, v.GenericSchema>>;

const Component: v.GenericSchema<unknown, ComponentStatus> = v.object(componentFields);

/** The names that Pulumi allows; no other makes files of its own, or stops the reports of the other stacks. */
const StackName = v.pipe(
  v.string(),
  v.regex(
    /^[\w.-]{1,100}(?:\/[\w.-]{1,100}){0,2}$/,
    "it must be a stack's name, as `pulumi stack ls` lists it",
  ),
);

const Document: v.GenericSchema<unknown, FleetDocument> = v.object({
  fleetVersion: v.literal(1),
  stack: StackName,
  began: Time,
  parts: v.array(v.picklist(checkParts)),
  result: v.exactOptional(
    v.object({
      project: v.string(),
      stack: v.string(),
      updated: v.string(),
      drift: v.exactOptional(v.array(FoundSection)),
      audit: v.exactOptional(v.array(FoundSection)),
      policies: v.exactOptional(v.array(FoundSection)),
      components: v.exactOptional(v.array(Component)),
    }),
  ),
  failure: v.exactOptional(v.object({ code: Code, message: v.string() })),
  discovered: v.exactOptional(FoundApplications),
});

/** Reads a document's text. @throws Error that says what is wrong with it */
export function parseFleetDocument(text: string): FleetDocument {
  const value: unknown = JSON.parse(text);
  if (v.is(v.object({ fleetVersion: v.number() }), value) && value.fleetVersion !== 1) {
    throw new Error(`its \`fleetVersion\` is ${value.fleetVersion}, and this version of exo-auth reads 1`);
  }
  const parsed = v.safeParse(Document, value);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new Error(`\`${v.getDotPath(issue) ?? "it"}\`: ${issue.message}`);
  }
  const { result, failure } = parsed.output;
  if ((result === undefined) === (failure === undefined)) {
    throw new Error("it must have either `result` or `failure`");
  }
  const fields = { drift: "drift", audit: "audit", status: "components" } as const;
  const lacking = parsed.output.parts.find(
    (part) => result !== undefined && result[fields[part]] === undefined,
  );
  if (lacking !== undefined) throw new Error(`\`parts\` has ${lacking}, and \`result\` has nothing of it`);
  return parsed.output;
}
