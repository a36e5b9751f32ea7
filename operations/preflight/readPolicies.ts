import * as v from "valibot";
import type { AccessTokenClaims } from "../../graph/accessToken.ts";
import type { GraphClient, GraphOutcome } from "../../graph/graphClient.ts";
import { all, one } from "../../graph/graphClient.ts";
import {
  createdAt,
  type ExcludedActors,
  OwnPolicy,
  type TenantPolicy,
} from "../tenant/appManagementPolicy.ts";
import type { Exemption } from "./exemption.ts";
import { CustomSecurityAttributes, exemptionOf } from "./exemption.ts";
import type { CheckResult } from "./checkResult.ts";
import { notChecked } from "./checkResult.ts";
import type { PlannedCertificate } from "./plannedCertificates.ts";
import type { CertificateRules } from "./policy.ts";
import { checkCertificate, dependsOnActor, rulesOf } from "./policy.ts";

type Application = v.InferOutput<typeof Application>;
const Application = v.object({ createdDateTime: v.nullish(v.string()) });

/** An application that is there already, as far as it decides which policy holds for its certificates. */
export interface PolicyHolder {
  readonly policies: GraphOutcome<readonly OwnPolicy[]>;
  readonly application: GraphOutcome<Application>;
}

/** Reads the applications that the planned certificates go to, as far as they are there; by object ID. */
export async function readPolicyHolders(
  graph: GraphClient,
  certificates: readonly PlannedCertificate[],
): Promise<ReadonlyMap<string, PolicyHolder>> {
  const ids = new Set(certificates.flatMap(({ applicationObjectId }) => applicationObjectId ?? []));
  const holders = [...ids].map(async (id) => {
    const holder = await graph.batch<{ policies: readonly OwnPolicy[]; application: Application }>({
      policies: all(`/applications/${id}/appManagementPolicies`, OwnPolicy),
      application: one(`/applications/${id}?$select=id,createdDateTime`, Application),
    });
    return [id, holder] as const;
  });
  return new Map(await Promise.all(holders));
}

/** What decides whether the planned certificates are allowed. */
export interface PolicyQuestion {
  readonly certificates: readonly PlannedCertificate[];
  readonly tenantPolicy: GraphOutcome<TenantPolicy>;
  readonly holders: ReadonlyMap<string, PolicyHolder>;
  /** Of the deploying identity. */
  readonly claims: AccessTokenClaims;
  readonly now: Date;
}

/** Whether the policy that holds for each planned certificate allows it. Asks who is exempt only where that decides. */
export async function checkPolicies(
  graph: GraphClient,
  question: PolicyQuestion,
): Promise<readonly CheckResult[]> {
  const rules = question.certificates.map(
    (certificate) => [certificate, rulesFor(certificate, question)] as const,
  );
  const depends = rules.some(([certificate, known]) => isRules(known) && dependsOnActor(certificate, known));
  const attributes = depends ? await readAttributes(graph, question.claims) : undefined;
  const exemption = (actors: ExcludedActors): Exemption => exemptionOf(actors, attributes);
  const findings = rules.flatMap(([certificate, known]) =>
    isRules(known) ? checkCertificate(certificate, known, exemption) : [known],
  );
  return [...new Map(findings.map((finding) => [finding.message, finding])).values()];
}

/** The rules that a certificate is under, or why they are not known. */
function rulesFor(
  { name, applicationObjectId }: PlannedCertificate,
  { tenantPolicy, holders, now }: PolicyQuestion,
): CertificateRules | CheckResult {
  const holder = holders.get(applicationObjectId ?? "");
  if (holder !== undefined && !(holder.policies.ok && holder.application.ok)) {
    return notChecked(
      `whether an app management policy of the application's own allows certificate "${name}"`,
      "Application.Read.All",
    );
  }
  const own = holder?.policies.ok ? holder.policies.value[0] : undefined;
  const policy = own ?? (tenantPolicy.ok ? tenantPolicy.value : undefined);
  if (policy === undefined) {
    return notChecked("whether the tenant's app management policy allows the certificate", "Policy.Read.All");
  }
  return rulesOf(policy, holder?.application.ok ? createdAt(holder.application.value) : now);
}

function isRules(known: CertificateRules | CheckResult): known is CertificateRules {
  return "restrictions" in known;
}

/**
 * The deploying identity's custom security attributes; undefined where it may not read them.
 *
 * What Graph answers who lacks the right is not documented, so who lacks it does not ask.
 */
async function readAttributes(
  graph: GraphClient,
  { oid, roles, scp }: AccessTokenClaims,
): Promise<CustomSecurityAttributes | undefined> {
  const isPerson = scp !== undefined;
  const held = isPerson ? scp.split(" ") : roles;
  if (!held.some((name) => /^CustomSecAttributeAssignment\.Read(Write)?\.All$/.test(name))) return undefined;
  const path = `/${isPerson ? "users" : "servicePrincipals"}/${oid ?? ""}?$select=id,customSecurityAttributes`;
  const { actor } = await graph.batch<{ actor: v.InferOutput<typeof Actor> }>({ actor: one(path, Actor) });
  return actor.ok ? (actor.value.customSecurityAttributes ?? {}) : undefined;
}

const Actor = v.object({ customSecurityAttributes: v.nullish(CustomSecurityAttributes) });
