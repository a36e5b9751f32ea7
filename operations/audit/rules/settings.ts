import { timeInWords } from "../../../common/time.ts";
import * as v from "valibot";
import { ownTenantAudience } from "../../../microsoft/signInAudience.ts";
import { type Removal, removalCommand } from "../../../graph/removal.ts";
import { contentHash } from "../../findings/contentHash.ts";
import type { AuditRule, RuleContext, Observation, ObservedItem, Validity } from "../rule.ts";
import { lacks, readsAll, readsOne } from "../rule.ts";
import { isSame } from "../stateValues.ts";
import { applicationPart, applicationPath, ownPoliciesPath, principalPath } from "./parts.ts";

const Audience = v.object({ signInAudience: v.nullish(v.string()) });
const Lock = v.object({
  servicePrincipalLockConfiguration: v.nullish(
    v.object({
      isEnabled: v.nullish(v.boolean()),
      allProperties: v.nullish(v.boolean()),
      credentialsWithUsageSign: v.nullish(v.boolean()),
      credentialsWithUsageVerify: v.nullish(v.boolean()),
    }),
  ),
});
const attributePermission = "CustomSecAttributeAssignment.Read.All";
const Attributes = v.object({
  customSecurityAttributes: v.nullish(v.record(v.string(), v.record(v.string(), v.unknown()))),
});
const Policy = v.object({
  id: v.string(),
  displayName: v.nullish(v.string()),
  isEnabled: v.nullish(v.boolean()),
  restrictions: v.nullish(v.unknown()),
});

/** Settings of the application that open it further, or that let it open. */
export const settingRules: readonly AuditRule[] = [
  {
    id: "EXO-AUDIT-SIGN-IN-AUDIENCE",
    title: "Sign-in audience of the application",
    severity: "high",
    why: "People and programs of other tenants can use the application. An attacker can sign in from there.",
    source: "https://learn.microsoft.com/entra/identity-platform/supported-accounts-validation",
    isProperty: true,
    unmanaged: {
      key: ownTenantAudience,
      remedy: `if no other tenant needs it, set \`signInAudience\` of the application to ${ownTenantAudience}`,
    },
    reads: [
      readsOne(applicationPart, { schema: Audience, select: ["signInAudience"] }, ({ signInAudience }) => {
        const found = signInAudience ?? "none";
        return { items: [{ key: found, found }] };
      }),
      readsOne(applicationPart, { schema: Lock, select: ["servicePrincipalLockConfiguration"] }, lockNotes),
    ],
    recorded: ({ signInAudience }) => (signInAudience === undefined ? [] : [signInAudience]),
    declaredBy: {
      Application: ({ state, wanted }, { applicationObjectId }) =>
        isSame(state["objectId"], applicationObjectId) && typeof wanted["signInAudience"] === "string"
          ? [wanted["signInAudience"]]
          : [],
    },
  },
  {
    id: "EXO-AUDIT-MANAGEMENT-POLICY",
    title: "Management policy of the application's own",
    severity: "medium",
    why: "It takes precedence over the tenant's policy, which can forbid secrets or limit the lifetime of certificates.",
    source: "https://learn.microsoft.com/graph/api/resources/applicationauthenticationmethodpolicy",
    reads: [
      readsAll(
        {
          name: "applicationPolicies",
          path: ownPoliciesPath("application"),
          permission: "Application.Read.All",
        },
        { schema: Policy },
        (found, { objects }) => policies(applicationPath(objects), found),
      ),
      readsAll(
        {
          name: "servicePrincipalPolicies",
          path: ownPoliciesPath("servicePrincipal"),
          permission: "Application.Read.All",
        },
        { schema: Policy },
        (found, { objects }) => policies(principalPath(objects), found),
      ),
    ],
  },
  {
    id: "EXO-AUDIT-SECURITY-ATTRIBUTE",
    title: "Custom security attribute of the service principal",
    severity: "medium",
    why: "A policy of the tenant can exempt its holders from restrictions on credentials.",
    source: "https://learn.microsoft.com/graph/api/resources/apppolicyactorexemptions",
    otherRemedy: "remove it in the Microsoft Entra admin center, under Custom security attributes",
    reads: [
      readsOne(
        {
          name: "securityAttributes",
          path: principalPath,
          permission: attributePermission,
          isOptional: true,
        },
        { schema: Attributes, select: ["customSecurityAttributes"] },
        securityAttributes,
      ),
    ],
  },
  {
    id: "EXO-AUDIT-CERTIFICATE-ENDS",
    title: "End of the current certificate",
    severity: "medium",
    why: "After the end, nothing can sign in.",
    source:
      "https://learn.microsoft.com/entra/identity/monitoring-health/recommendation-renew-expiring-application-credential",
    reads: [],
    states: certificateEnds,
  },
];

function securityAttributes({
  customSecurityAttributes: sets,
}: v.InferOutput<typeof Attributes>): Observation {
  // Who may not read the attributes gets the object without them.
  if (sets === undefined) {
    return { items: [], hidden: { reason: lacks(attributePermission), denied: true, optional: true } };
  }
  return {
    items: Object.entries(sets ?? {}).flatMap(([set, values]) =>
      Object.entries(values)
        .filter(([name]) => !name.includes("@"))
        .map(([name, value]) => ({
          key: `${set}_${name}`,
          subject: `${set}_${name} ${contentHash(value)}`,
          found: `${set}_${name} is ${JSON.stringify(value)}`,
        })),
    ),
  };
}

function policies(path: string, found: readonly v.InferOutput<typeof Policy>[]): Observation {
  return {
    items: found.map(({ id, displayName, isEnabled, restrictions }) => ({
      key: id,
      // What it allows can be changed under its id: that ends an acceptance.
      subject: `${id} ${contentHash([isEnabled, restrictions])}`,
      found: `"${displayName ?? "unnamed"}", id ${id}`,
      removal: { kind: "delete", path: `${path}/appManagementPolicies/${id}/$ref` },
    })),
  };
}

function lockNotes(
  { servicePrincipalLockConfiguration: lock }: v.InferOutput<typeof Lock>,
  { objects, graphUrl }: RuleContext,
): Observation {
  const locksCredentials =
    lock?.allProperties === true ||
    (lock?.credentialsWithUsageSign === true && lock.credentialsWithUsageVerify === true);
  if (lock?.isEnabled === true && locksCredentials) return { items: [] };
  const what =
    lock?.isEnabled === true
      ? "The lock of the service principal does not cover all its credentials"
      : "Anybody with the right role can put credentials on the service principal";
  const { applicationObjectId } = objects;
  const setLock: Removal = { kind: "lock", applicationObjectId };
  return { items: [], notes: [`${what}. To lock it: ${removalCommand(setLock, graphUrl)}`], lock: setLock };
}

/** Rotation comes after two thirds of the lifetime; when half of the rest has gone, it has not come. */
function certificateEnds({ notBefore, notAfter }: Validity, now: Date): readonly ObservedItem[] {
  const lifetime = Date.parse(notAfter) - Date.parse(notBefore);
  const left = Date.parse(notAfter) - now.getTime();
  if (left > lifetime / 6) return [];
  return [
    {
      key: notAfter,
      found: left <= 0 ? `it ended at ${timeInWords(notAfter)}` : `it ends at ${timeInWords(notAfter)}`,
      declared: `valid from ${timeInWords(notBefore)} until ${timeInWords(notAfter)}`,
      remedy: "add a generation to `certificate.generations`, then pulumi up",
      ...(left <= 0 ? { severity: "critical" as const } : {}),
    },
  ];
}
