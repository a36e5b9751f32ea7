import * as v from "valibot";
import { counted } from "../../../common/counted.ts";
import { isoDurationMs } from "../../../common/isoDuration.ts";
import { KeyCredential, PasswordCredential } from "../../../graph/objects.ts";
import {
  createdAt,
  type HeldRestrictions,
  type PolicyHolder,
  type Restriction,
  restrictionsOf,
} from "../../tenant/appManagementPolicy.ts";
import type { AuditRule, Observation, ObservedItem, RuleContext } from "../rule.ts";
import { failedRead, readsOne } from "../rule.ts";
import { applicationPart, principalPart } from "./parts.ts";

const Holder = v.object({
  createdDateTime: v.nullish(v.string()),
  keyCredentials: v.array(KeyCredential),
  passwordCredentials: v.array(PasswordCredential),
});
type Holder = v.InferOutput<typeof Holder>;
const select = ["createdDateTime", "keyCredentials", "passwordCredentials"];

/** Credentials that sign in for longer than the tenant, or the object's own policy, lets new ones. */
export const lifetimeRules: readonly AuditRule[] = [
  {
    id: "EXO-AUDIT-CREDENTIAL-OUTLASTS-POLICY",
    title: "Credential that outlasts the tenant's app management policy",
    severity: "medium",
    why: "A credential from before the policy, or that got past it, signs in until its own end.",
    source: "https://learn.microsoft.com/graph/api/resources/applicationauthenticationmethodpolicy",
    reads: [
      readsOne(applicationPart, { schema: Holder, select }, outlasting("application")),
      readsOne(principalPart, { schema: Holder, select }, outlasting("servicePrincipal")),
    ],
    otherRemedy:
      "replace it with one that ends in time (docs/rotation.md), and then remove it, or ask for a change of the policy",
  },
];

function outlasting(kind: PolicyHolder) {
  return (holder: Holder, context: RuleContext): Observation => {
    const now = context.now.getTime();
    const live = lifetimesOf(holder, now).filter(({ end }) => now < end);
    if (live.length === 0) return { items: [] };
    const { tenant, ...own } = context.policies;
    const ofHolder = own[kind];
    if (!ofHolder.ok) return { items: [], hidden: failedRead(ofHolder.error, "Application.Read.All") };
    const [first] = ofHolder.value;
    const policy = first === undefined ? tenant : ({ ok: true, value: first } as const);
    if (!policy.ok) return { items: [], hidden: failedRead(policy.error, "Policy.Read.All", true) };
    const held = restrictionsOf(policy.value, createdAt(holder), kind);
    const items: ObservedItem[] = [];
    const notes: string[] = [];
    for (const one of live) {
      const broken = brokenBy(one, held);
      if (broken === undefined) continue;
      const found = `${one.words}, ${inWords(one)}`;
      const wanted = `${held.policy} requires less than ${limitInWords(broken.maxLifetime ?? "")}`;
      // Whoever added it may be exempt, and Graph does not say who that was.
      if (hasExemptions(broken)) notes.push(`A ${found}: ${wanted}, and exempts some who may have added it.`);
      // Who adds a certificate chooses its key ID: another end under it ends an acceptance.
      else {
        const key = `${one.keyId} ${broken.maxLifetime ?? ""}`;
        items.push({
          key,
          subject: `${key} ${one.endDateTime ?? "without an end"}`,
          found,
          declared: wanted,
        });
      }
    }
    return { items, notes };
  };
}

/** A credential as far as such a policy looks at it. */
interface Lifetime {
  readonly keyId: string;
  readonly words: string;
  readonly section: "keyCredentials" | "passwordCredentials";
  readonly restrictionType: string;
  /** Milliseconds since 1970; now where Graph says none. */
  readonly start: number;
  /** Milliseconds since 1970; Infinity where Graph says none. */
  readonly end: number;
  readonly endDateTime: string | null | undefined;
}

function lifetimesOf({ keyCredentials, passwordCredentials }: Holder, now: number): readonly Lifetime[] {
  const lifetime = (
    { keyId, displayName, startDateTime, endDateTime }: KeyCredential | PasswordCredential,
    [what, section, restrictionType]: Kind,
  ): Lifetime => ({
    keyId,
    words: `${what} "${displayName ?? "unnamed"}", keyId ${keyId}`,
    section,
    restrictionType,
    start: startDateTime ? Date.parse(startDateTime) : now,
    end: endDateTime ? Date.parse(endDateTime) : Infinity,
    endDateTime,
  });
  return [
    ...keyCredentials.map((one) =>
      lifetime(one, one.type === "Symmetric" ? kinds.symmetric : kinds.certificate),
    ),
    ...passwordCredentials.map((one) => lifetime(one, kinds.secret)),
  ];
}

/** In words, in which list of a policy its restrictions stand, and what Graph calls the one on its lifetime. */
type Kind = readonly [words: string, section: Lifetime["section"], restrictionType: string];
const kinds = {
  certificate: ["certificate", "keyCredentials", "asymmetricKeyLifetime"],
  symmetric: ["symmetric key", "passwordCredentials", "symmetricKeyLifetime"],
  secret: ["client secret", "passwordCredentials", "passwordLifetime"],
} as const satisfies Record<string, Kind>;

/** A restriction that a lifetime breaks, one that exempts nobody before others: Entra wants less than the maximum. */
function brokenBy(
  { start, end, section, restrictionType }: Lifetime,
  held: HeldRestrictions,
): Restriction | undefined {
  const broken = held[section].filter((restriction) => {
    const maximum = isoDurationMs(restriction.maxLifetime ?? "");
    return restriction.restrictionType === restrictionType && maximum !== undefined && end - start >= maximum;
  });
  return broken.find((restriction) => !hasExemptions(restriction)) ?? broken[0];
}

function hasExemptions({ excludeActors }: Restriction): boolean {
  return (excludeActors?.customSecurityAttributes ?? []).length > 0;
}

function inWords({ start, end }: Lifetime): string {
  return end === Infinity ? "which never ends" : `valid for ${daysInWords(end - start)}`;
}

/** A limit of a policy; as it is written there where it is less than a day. */
function limitInWords(limit: string): string {
  const milliseconds = isoDurationMs(limit) ?? 0;
  return milliseconds < dayMs ? limit : daysInWords(milliseconds);
}

function daysInWords(milliseconds: number): string {
  return counted(Math.round(milliseconds / dayMs), "day");
}

const dayMs = 86_400_000;
