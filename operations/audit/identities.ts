import * as v from "valibot";
import { keySha256 } from "../../common/certificate.ts";
import { isUnserved } from "../../graph/apiError.ts";
import type { GraphClient, GraphOutcome } from "../../graph/graphClient.ts";
import { all, inBeta, mapped, one, quoted } from "../../graph/graphClient.ts";
import {
  AppRoleAssignment,
  FederatedCredential,
  KeyCredential,
  NamedObject,
  PasswordCredential,
  Reference,
} from "../../graph/objects.ts";
import type { Finding, Section, Unread } from "../findings/finding.ts";
import { isWideSubject } from "../../common/federatedSubject.ts";
import { contentHash } from "../findings/contentHash.ts";
import { readIdentityParts } from "./identityReads.ts";
import { compareRights } from "./identityRights.ts";
import { type FoundItem, identityRules } from "./identityRules.ts";
import { type Baseline, accept } from "../findings/baseline.ts";
import type { AuditTarget } from "./audit.ts";
import { failedRead } from "./rule.ts";

const Found = v.object({ id: v.string() });

const Holder = v.object({
  createdByAppId: Reference,
  managerApplications: v.nullish(v.array(v.string()), []),
  keyCredentials: v.optional(v.array(KeyCredential), []),
  passwordCredentials: v.optional(v.array(PasswordCredential), []),
});
type Holder = v.InferOutput<typeof Holder>;
/** The bytes of certificates come only for one object, with `$select`. */
const credentialProperties = "$select=keyCredentials,passwordCredentials";

/** What a read of an identity says. */
type Items = readonly FoundItem[];

/**
 * What lets somebody else act as an identity that deploys or reads, and what it may do beyond docs/deployer.
 *
 * @throws ApiError, SignInError where the tenant cannot be asked at all
 */
async function auditIdentity(graph: GraphClient, clientId: string): Promise<Section> {
  const filter = `$filter=appId%20eq%20${quoted(clientId)}&$select=id`;
  const objects = await graph.batch<{ application: Objects; principal: Objects }>({
    application: all(`/applications?${filter}`, Found),
    principal: all(`/servicePrincipals?${filter}`, Found),
  });
  const [application] = objects.application.ok ? objects.application.value : [];
  const [principal] = objects.principal.ok ? objects.principal.value : [];
  const ofTheApplication = application && (await ofApplication(graph, application.id));
  const federated = ofTheApplication?.federated;
  const isElsewhere = principal !== undefined && application === undefined && objects.application.ok;
  const elsewhere = isElsewhere ? [applicationElsewhere] : [];
  const ofThePrincipal = principal && (await ofPrincipal(graph, principal.id, application?.id));
  const outcomes: readonly GraphOutcome<Items>[] = [
    mappedOutcome(objects.application, () => []),
    mappedOutcome(objects.principal, () => []),
    ...(ofTheApplication ? [ofTheApplication.holder, ofTheApplication.owners] : []),
    ...(federated ? [mappedOutcome(federated, (found) => found.flatMap(wideSubjects))] : []),
    ...(ofThePrincipal?.outcomes ?? []),
  ];
  const items = outcomes.flatMap((outcome) => (outcome.ok ? outcome.value : []));
  const missing = principal === undefined && objects.principal.ok;
  return {
    name: `identity ${clientId}`,
    checks: Object.values(identityRules).map(({ title }) => title),
    findings: items.map(findingOf).toSorted(bySubject),
    accepted: [],
    unread: [
      ...outcomes.flatMap(unreadOf),
      ...(ofThePrincipal?.unread ?? []),
      ...(missing ? [notThere(clientId)] : []),
    ],
    notes: [
      ...(ofThePrincipal?.notes ?? []),
      ...(federated?.ok === true ? federated.value.map((credential) => trusted(credential)) : []),
      ...elsewhere,
    ],
  };
}

/** Audits identities in each of the components' tenants. */
export async function auditIdentities(
  targets: readonly (Pick<AuditTarget, "graph"> & {
    readonly component: Pick<AuditTarget["component"], "tenantDomain">;
  })[],
  clientIds: readonly string[],
  baseline: Baseline,
): Promise<readonly Section[]> {
  const tenants = new Map(targets.map(({ component, graph }) => [component.tenantDomain, graph]));
  const sections = [...tenants.values()].flatMap((graph) => clientIds.map((id) => auditIdentity(graph, id)));
  return (await Promise.all(sections)).map((section) => accept(section, baseline, new Date()));
}

type Objects = readonly v.InferOutput<typeof Found>[];

async function ofApplication(graph: GraphClient, id: string) {
  const path = `/applications/${id}`;
  return graph.batch<{ holder: Items; owners: Items; federated: readonly FederatedCredential[] }>({
    holder: mapped(
      one(`${path}?${credentialProperties},createdByAppId,managerApplications`, Holder),
      (holder) => [...credentials(holder), ...managers(holder)],
    ),
    owners: mapped(all(`${path}/owners?$select=id,displayName`, NamedObject), owners),
    federated: inBeta(all(`${path}/federatedIdentityCredentials`, FederatedCredential)),
  });
}

async function ofPrincipal(graph: GraphClient, id: string, applicationObjectId: string | undefined) {
  const path = `/servicePrincipals/${id}`;
  const [{ holder, assignments, owners: owned, federated }, parts] = await Promise.all([
    graph.batch<{
      holder: Items;
      assignments: readonly AppRoleAssignment[];
      owners: Items;
      federated: readonly FederatedCredential[];
    }>({
      holder: mapped(one(`${path}?${credentialProperties}`, Holder), credentials),
      federated: inBeta(all(`${path}/federatedIdentityCredentials`, FederatedCredential)),
      assignments: all(`${path}/appRoleAssignments`, AppRoleAssignment),
      owners: mapped(all(`${path}/owners?$select=id,displayName`, NamedObject), owners),
    }),
    readIdentityParts(graph, { applicationObjectId, servicePrincipalObjectId: id }),
  ]);
  const rights = assignments.ok ? await compareRights(graph, assignments.value) : undefined;
  // Graph's metadata has them, its pages do not: a tenant that does not answer for them has none.
  const trusts = federated.ok ? federated.value : [];
  const isUnread = !federated.ok && !isUnserved(federated.error);
  const outcomes: readonly GraphOutcome<Items>[] = [
    holder,
    ...(assignments.ok ? [] : [assignments]),
    ...(isUnread ? [federated] : []),
    owned,
    { ok: true, value: [...(rights?.items ?? []), ...parts.items, ...trusts.flatMap(wideSubjects)] },
  ];
  return {
    outcomes,
    unread: parts.unread,
    notes: [
      ...(rights ? [rights.note] : []),
      ...trusts.map((credential) => trusted(credential, " of its service principal")),
    ],
  };
}

function credentials({ keyCredentials, passwordCredentials }: Holder): Items {
  return [
    ...passwordCredentials.map(({ keyId }): FoundItem => ({
      rule: "secret",
      subject: keyId,
      found: `a client secret, keyId ${keyId}`,
    })),
    // Who adds a certificate chooses its key ID: other bytes under it end an acceptance.
    ...keyCredentials.map(({ keyId, key }): FoundItem => ({
      rule: "certificate",
      subject: `${keyId} ${key ? (keySha256(key) ?? contentHash(key)) : "unknown"}`,
      found: `a certificate, keyId ${keyId}`,
    })),
  ];
}

/** Nobody declares who may manage an identity, so that its maker is found like any other. */
function managers({ createdByAppId, managerApplications }: Holder): Items {
  return (managerApplications ?? []).map((id) => {
    const isMaker = id.toLowerCase() === createdByAppId.toLowerCase();
    return {
      rule: "owner",
      subject: `application ${id}`,
      found: `client ID ${id}, which ${isMaker ? "made it and " : ""}manages it`,
    };
  });
}

function owners(found: readonly NamedObject[]): Items {
  return found.map(({ id, displayName }) => ({
    rule: "owner",
    subject: id,
    found: `${displayName ?? "somebody"}, object ID ${id}`,
  }));
}

function wideSubjects({ id, issuer, subject, audiences, ...credential }: FederatedCredential): Items {
  const expression = credential.claimsMatchingExpression?.value;
  if (!isWideSubject(subject, expression, issuer)) return [];
  // All of it can be changed under the id: that ends an acceptance.
  const content = contentHash([issuer, subject, audiences.toSorted(), expression]);
  const whom = whomOf({ subject, ...credential });
  return [{ rule: "subject", subject: `${id} ${content}`, found: `"${whom}" of ${issuer}` }];
}

/** Nothing declares whom an identity should trust, so that a person has to read it: a stranger's subject can be narrow. */
function trusted({ name, issuer, ...credential }: FederatedCredential, where = ""): string {
  return `It trusts "${whomOf(credential)}" of ${issuer} (federated credential "${name}"${where}). Check that this is your pipeline.`;
}

function whomOf({
  subject,
  claimsMatchingExpression,
}: Pick<FederatedCredential, "subject" | "claimsMatchingExpression">): string {
  return subject ?? claimsMatchingExpression?.value ?? "";
}

const applicationElsewhere =
  "The tenant has no application of this client ID: it is a managed identity, or its application is in another tenant. Its federated credentials, and what is on it there, were not read.";

function findingOf({ rule, severity, subject, found, page = "docs/deployer.md" }: FoundItem): Finding {
  const kind = identityRules[rule];
  return {
    ...kind,
    severity: severity ?? kind.severity,
    subject,
    check: kind.title,
    found,
    declared: `nothing that ${page} lists`,
    remedy: "remove it in the Microsoft Entra admin center, or accept it in .exo-auth",
  };
}

function mappedOutcome<T>(outcome: GraphOutcome<T>, make: (value: T) => Items): GraphOutcome<Items> {
  return outcome.ok ? { ok: true, value: make(outcome.value) } : outcome;
}

function unreadOf(outcome: GraphOutcome<Items>): readonly Unread[] {
  if (outcome.ok) return [];
  return [{ check: "the identity", ...failedRead(outcome.error, "Application.Read.All") }];
}

function notThere(clientId: string): Unread {
  const reason = `The tenant has no service principal of the client ID ${clientId}. Check --identity.`;
  return { check: "the identity", reason, denied: false };
}

function bySubject(first: Finding, second: Finding): number {
  return `${first.id} ${first.subject}` < `${second.id} ${second.subject}` ? -1 : 1;
}
