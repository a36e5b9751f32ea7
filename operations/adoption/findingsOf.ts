import { ownTenantAudience } from "../../microsoft/signInAudience.ts";
import { clouds, type Cloud } from "../../microsoft/clouds.ts";
import { manageAsApp } from "../../microsoft/permissions.ts";
import { exchangeServices } from "../../microsoft/exchangeAccess.ts";
import { findRole, appOnlyRoles } from "../../microsoft/roles.ts";
import type { GraphClient } from "../../graph/graphClient.ts";
import type { ApplicationObjects } from "../../graph/removal.ts";
import { certificateSha256 } from "../../common/certificate.ts";
import { compareAccess } from "../audit/compareAccess.ts";
import type { DeclaredAccess } from "../audit/declaredAccess.ts";
import { observeAccess } from "../audit/observedAccess.ts";
import { certificateKey, certificateRuleId } from "../audit/rules/credentials.ts";
import { permissionId } from "../audit/rules/permissions.ts";
import { roleKey } from "../audit/rules/roleWords.ts";
import type { Finding, Unread } from "../findings/finding.ts";
import type { Declaration } from "./declaration.ts";
import { adoptedName } from "./adoptedGenerations.ts";
import type { FoundApplication } from "./readFound.ts";

/**
 * What `exo-auth audit` would find on an application beside what every component declares: the certificates, Exchange's
 * own permission and the roles. Everything else that can sign in as it, change it, or that it may do is a finding.
 */
export async function findingsOf(
  graph: GraphClient,
  found: FoundApplication,
  { settings }: Declaration,
  cloud: Cloud,
  now: Date,
): Promise<{ readonly findings: readonly Finding[]; readonly unread: readonly Unread[] }> {
  const { application, servicePrincipal } = found;
  if (application === undefined) return { findings: [], unread: [] };
  const objects = {
    applicationObjectId: application.id,
    servicePrincipalObjectId: servicePrincipal.id,
  };
  const declared = declaredAccess(found, settings, objects);
  const observed = await observeAccess(graph, objects, declared);
  const { section } = compareAccess({
    name: servicePrincipal.displayName,
    declared,
    objects,
    graphUrl: clouds[cloud].graph,
    userRoles: { missing: [], unread: [] },
    now,
    ...observed,
  });
  return section;
}

/** Never reached, so that no end is reported: each certificate has its own. */
const never = "9999-12-31T23:59:59Z";

function declaredAccess(
  { keyCredentials }: FoundApplication,
  { certificate, roles }: Declaration["settings"],
  { servicePrincipalObjectId }: ApplicationObjects,
): DeclaredAccess {
  const names = new Set(certificate?.generations.map(({ name }) => name));
  const certificates = keyCredentials.flatMap(({ keyId, key }) =>
    names.has(adoptedName(keyId))
      ? [certificateKey({ sha256: certificateSha256(Buffer.from(key ?? "", "base64")), keyId })]
      : [],
  );
  const templateIds = roles.flatMap((role) => findRole(appOnlyRoles, role)?.templateId ?? []);
  return {
    keys: new Map([
      [certificateRuleId, new Set(certificates)],
      [permissionId, new Set(exchangeServices.map((appId) => `client ${appId} ${manageAsApp}`))],
      ["EXO-AUDIT-ROLE", new Set(templateIds.map((id) => roleKey(servicePrincipalObjectId, id, "/")))],
      ["EXO-AUDIT-SIGN-IN-AUDIENCE", new Set([ownTenantAudience])],
    ]),
    expected: new Map(),
    waiting: new Map(),
    userRoles: [],
    resourceAppIds: exchangeServices,
    notes: [],
    notBefore: never,
    notAfter: never,
  };
}
