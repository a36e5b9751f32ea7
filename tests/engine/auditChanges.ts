import type { CertifiedComponent } from "../../stack/certifiedComponent.ts";
import { X509Certificate } from "node:crypto";

import type { Finding } from "../../operations/findings/finding.ts";
import { makeCertificate } from "../graph/testCertificate.ts";
import { expect } from "vitest";
import { intruderId, type TenantGraph } from "./tenantGraph.ts";

/** A change made in the tenant, and how to take it back. */
export interface TenantChange {
  readonly finding: string;
  /** Another finding that the same change is, of the same severity. */
  readonly also?: string;
  /** What tells it from others of the same finding. */
  readonly how?: string;
  readonly severity: Finding["severity"];
  readonly make: () => Promise<() => Promise<unknown>>;
}

/** The tenant and the component that the changes are made to; known once the sandbox runs. */
export interface World {
  readonly graph: TenantGraph;
  readonly component: CertifiedComponent;
  /** The object ID of Exchange's service principal. */
  readonly exchange: string;
}

interface Group {
  readonly id: string;
  readonly remove: () => Promise<unknown>;
}

const microsoftGraph = "00000003-0000-0000-c000-000000000000";
const units = "/directory/administrativeUnits";

/** Every way of keeping access that the tests make in the tenant, and what some of them are made of. */
export function auditChanges(world: World) {
  const application = (): string => `/applications/${world.component.applicationObjectId}`;
  const principal = (): string => `/servicePrincipals/${world.component.servicePrincipalObjectId}`;

  const changes: readonly TenantChange[] = [
    {
      finding: "EXO-AUDIT-APPLICATION-CERTIFICATE",
      severity: "critical",
      make: () => addCertificate(application()),
    },
    {
      finding: "EXO-AUDIT-SERVICE-PRINCIPAL-CERTIFICATE",
      severity: "critical",
      make: () => addCertificate(principal()),
    },
    {
      finding: "EXO-AUDIT-APPLICATION-CERTIFICATE",
      how: "the declared bytes under another key ID",
      severity: "critical",
      make: () => addSameBytes(application()),
    },
    {
      finding: "EXO-AUDIT-APPLICATION-PASSWORD",
      severity: "critical",
      make: () => addPassword(application()),
    },
    {
      finding: "EXO-AUDIT-SERVICE-PRINCIPAL-PASSWORD",
      severity: "critical",
      make: () => addPassword(principal()),
    },
    {
      finding: "EXO-AUDIT-FEDERATED-CREDENTIAL",
      severity: "critical",
      make: () =>
        create(`${application()}/federatedIdentityCredentials`, {
          name: "elsewhere",
          issuer: "https://token.actions.githubusercontent.com",
          subject: "repo:evil/repository:ref:refs/heads/main",
          audiences: ["api://AzureADTokenExchange"],
        }),
    },
    {
      finding: "EXO-AUDIT-SERVICE-PRINCIPAL-FEDERATED-CREDENTIAL",
      severity: "critical",
      make: () =>
        create(`${principal()}/federatedIdentityCredentials`, {
          name: "elsewhere",
          issuer: "https://token.actions.githubusercontent.com",
          subject: "repo:evil/repository:ref:refs/heads/main",
          audiences: ["api://AzureADTokenExchange"],
        }),
    },
    {
      finding: "EXO-AUDIT-MANAGER-APPLICATION",
      severity: "high",
      make: () => patched({ managerApplications: [microsoftGraph] }, { managerApplications: [] }),
    },
    {
      finding: "EXO-AUDIT-AUTHENTICATION-BEHAVIOR",
      severity: "low",
      make: () =>
        patched(
          { authenticationBehaviors: { removeUnverifiedEmailClaim: false } },
          { authenticationBehaviors: { removeUnverifiedEmailClaim: true } },
        ),
    },
    { finding: "EXO-AUDIT-APPLICATION-OWNER", severity: "high", make: () => addOwner(application()) },
    { finding: "EXO-AUDIT-SERVICE-PRINCIPAL-OWNER", severity: "high", make: () => addOwner(principal()) },
    {
      finding: "EXO-AUDIT-PERMISSION",
      severity: "critical",
      make: () =>
        create(`${principal()}/appRoleAssignments`, {
          principalId: world.component.servicePrincipalObjectId,
          resourceId: world.exchange,
          appRoleId: "dc890d15-9560-4a4c-9b7f-a736ec74ec40",
        }),
    },
    {
      finding: "EXO-AUDIT-PERMISSION",
      how: "one that takes over no tenant",
      severity: "high",
      make: async () =>
        create(`${principal()}/appRoleAssignments`, {
          principalId: world.component.servicePrincipalObjectId,
          resourceId: await world.graph.principalOf(microsoftGraph),
          appRoleId: "dbb9058a-0e50-45d7-ae91-66909b5d4664",
        }),
    },
    {
      finding: "EXO-AUDIT-DELEGATED-GRANT",
      how: "for one person",
      severity: "medium",
      make: () =>
        create("/oauth2PermissionGrants", {
          clientId: world.component.servicePrincipalObjectId,
          consentType: "Principal",
          principalId: intruderId,
          resourceId: world.exchange,
          scope: "EWS.AccessAsUser.All",
        }),
    },
    {
      finding: "EXO-AUDIT-DELEGATED-GRANT",
      severity: "medium",
      make: () =>
        create("/oauth2PermissionGrants", {
          clientId: world.component.servicePrincipalObjectId,
          consentType: "AllPrincipals",
          resourceId: world.exchange,
          scope: "EWS.AccessAsUser.All",
        }),
    },
    {
      finding: "EXO-AUDIT-ROLE",
      severity: "critical",
      make: () =>
        assign(world.component.servicePrincipalObjectId, "62e90394-69f5-4237-9190-012177145e10", "/"),
    },
    {
      finding: "EXO-AUDIT-ROLE",
      how: "over an administrative unit",
      severity: "critical",
      make: async () => {
        const unit = await world.graph.send("POST", units, { displayName: "Region A" });
        const scope = `/administrativeUnits/${String(unit["id"])}`;
        await assign(world.component.servicePrincipalObjectId, "fe930be7-5e62-47db-91af-98c3a49a38b1", scope);
        return () => world.graph.send("DELETE", `${units}/${String(unit["id"])}`);
      },
    },
    {
      finding: "EXO-AUDIT-ROLE-GROUP",
      also: "EXO-AUDIT-ROLE",
      how: "that holds a role",
      severity: "critical",
      make: async () => {
        const group = await createGroup({ ...withMember(), isAssignableToRole: true });
        await assign(group.id, "62e90394-69f5-4237-9190-012177145e10", "/");
        return group.remove;
      },
    },
    {
      finding: "EXO-AUDIT-ROLE-GROUP",
      how: "that is eligible for a role, as no service principal itself can be",
      severity: "critical",
      make: async () => {
        const group = await createGroup({ ...withMember(), isAssignableToRole: true });
        await makeEligible(group.id);
        await expect(makeEligible(world.component.servicePrincipalObjectId)).rejects.toThrow(
          /400 .*must be a user or a role-assignable group/,
        );
        return group.remove;
      },
    },
    {
      finding: "EXO-AUDIT-SCOPED-ROLE",
      how: "over the service principal",
      severity: "high",
      make: () =>
        assign(
          intruderId,
          "158c047a-c907-4556-b7ef-446551a6b5f7",
          `/${world.component.servicePrincipalObjectId}`,
        ),
    },
    {
      finding: "EXO-AUDIT-SCOPED-ROLE",
      severity: "high",
      make: () =>
        assign(intruderId, "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3", `/${world.component.applicationObjectId}`),
    },
    {
      finding: "EXO-AUDIT-SCOPED-ROLE-MEMBER",
      also: "EXO-AUDIT-SCOPED-ROLE",
      severity: "high",
      make: async () => {
        const members = [`https://graph.microsoft.com/v1.0/directoryObjects/${intruderId}`];
        const group = await createGroup({ "members@odata.bind": members, isAssignableToRole: true });
        const role = "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3";
        await assign(group.id, role, `/${world.component.applicationObjectId}`);
        return group.remove;
      },
    },
    {
      finding: "EXO-AUDIT-SIGN-IN-AUDIENCE",
      severity: "high",
      make: async () => {
        await world.graph.send("PATCH", application(), { signInAudience: "AzureADMultipleOrgs" });
        return () => world.graph.send("PATCH", application(), { signInAudience: "AzureADMyOrg" });
      },
    },
    {
      finding: "EXO-AUDIT-MANAGEMENT-POLICY",
      severity: "medium",
      make: () => addPolicy(application()),
    },
    {
      finding: "EXO-AUDIT-MANAGEMENT-POLICY",
      how: "on the service principal",
      severity: "medium",
      make: () => addPolicy(principal()),
    },
    {
      finding: "EXO-AUDIT-CREDENTIAL-OUTLASTS-POLICY",
      severity: "medium",
      make: async () => {
        const path = "/policies/defaultAppManagementPolicy";
        const keyCredentials = [
          { restrictionType: "asymmetricKeyLifetime", state: "enabled", maxLifetime: "P180D" },
        ];
        const applicationRestrictions = { passwordCredentials: [], keyCredentials };
        await world.graph.send("PATCH", path, { isEnabled: true, applicationRestrictions });
        return () => world.graph.send("PATCH", path, { isEnabled: false });
      },
    },
    {
      finding: "EXO-AUDIT-SCOPED-ROLE-ELIGIBILITY",
      severity: "high",
      make: () =>
        eligibleOver(
          intruderId,
          "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
          `/${world.component.applicationObjectId}`,
        ),
    },
    {
      finding: "EXO-AUDIT-REDIRECT-URI",
      severity: "medium",
      make: () =>
        patched({ web: { redirectUris: ["https://evil.example/cb"] } }, { web: { redirectUris: [] } }),
    },
    {
      finding: "EXO-AUDIT-IMPLICIT-GRANT",
      severity: "medium",
      make: () =>
        patched(
          { web: { implicitGrantSettings: { enableIdTokenIssuance: true } } },
          { web: { implicitGrantSettings: { enableIdTokenIssuance: false } } },
        ),
    },
    {
      finding: "EXO-AUDIT-PUBLIC-CLIENT",
      severity: "medium",
      make: () => patched({ isFallbackPublicClient: true }, { isFallbackPublicClient: false }),
    },
    {
      finding: "EXO-AUDIT-CERTIFICATE-MISSING",
      severity: "high",
      make: async () => {
        const { keyCredentials } = await world.graph.send("GET", application());
        await world.graph.send("PATCH", application(), { keyCredentials: [] });
        // The bytes do not come with a list: they are the declared certificate's.
        const [own] = keyCredentials as Record<string, unknown>[];
        const back = { ...own, key: world.component.generations[0].certificateDerBase64 };
        return () => world.graph.send("PATCH", application(), { keyCredentials: [back] });
      },
    },
    {
      finding: "EXO-AUDIT-PERMISSION-MISSING",
      severity: "medium",
      make: async () => {
        const path = `${principal()}/appRoleAssignments`;
        const { value } = await world.graph.send("GET", path);
        const [own] = value as Record<string, unknown>[];
        await world.graph.send("DELETE", `${path}/${String(own?.["id"])}`);
        const { principalId, resourceId, appRoleId } = own ?? {};
        return () => world.graph.send("POST", path, { principalId, resourceId, appRoleId });
      },
    },
    {
      finding: "EXO-AUDIT-ROLE-MISSING",
      severity: "medium",
      make: async () => {
        const filter = `$filter=principalId eq '${world.component.servicePrincipalObjectId}'`;
        const { value } = await world.graph.send(
          "GET",
          `/roleManagement/directory/roleAssignments?${filter}`,
        );
        const [own] = value as Record<string, unknown>[];
        await world.graph.send("DELETE", `/roleManagement/directory/roleAssignments/${String(own?.["id"])}`);
        return () => assign(world.component.servicePrincipalObjectId, String(own?.["roleDefinitionId"]), "/");
      },
    },
    {
      finding: "EXO-AUDIT-PRE-AUTHORIZED",
      severity: "low",
      make: () =>
        patched(
          { api: { preAuthorizedApplications: [{ appId: microsoftGraph, delegatedPermissionIds: [] }] } },
          { api: { preAuthorizedApplications: [] } },
        ),
    },
    {
      finding: "EXO-AUDIT-SECURITY-ATTRIBUTE",
      severity: "medium",
      make: async () => {
        await setAttribute("yes");
        return () => setAttribute(null);
      },
    },
    {
      finding: "EXO-AUDIT-TOKEN-LIFETIME",
      severity: "medium",
      make: async () => {
        const definition = ['{"TokenLifetimePolicy":{"Version":1,"AccessTokenLifetime":"23:59:59"}}'];
        const policy = { displayName: "A day", definition, isOrganizationDefault: false };
        const { id } = await world.graph.send("POST", "/policies/tokenLifetimePolicies", policy);
        const path = `/policies/tokenLifetimePolicies/${String(id)}`;
        const reference = { "@odata.id": `https://graph.microsoft.com/v1.0${path}` };
        await world.graph.send("POST", `${application()}/tokenLifetimePolicies/$ref`, reference);
        return async () => {
          await world.graph.send("DELETE", `${application()}/tokenLifetimePolicies/${String(id)}/$ref`);
          await world.graph.send("DELETE", path);
        };
      },
    },
    {
      finding: "EXO-AUDIT-SIGN-IN-POLICY",
      severity: "low",
      make: async () => {
        const definition = ['{"HomeRealmDiscoveryPolicy":{"AllowCloudPasswordValidation":true}}'];
        const policy = { displayName: "Cloud passwords", definition };
        const { id } = await world.graph.send("POST", "/policies/homeRealmDiscoveryPolicies", policy);
        const path = `/policies/homeRealmDiscoveryPolicies/${String(id)}`;
        const own = `/servicePrincipals/${world.component.servicePrincipalObjectId}/homeRealmDiscoveryPolicies`;
        const reference = { "@odata.id": `https://graph.microsoft.com/v1.0${path}` };
        await world.graph.send("POST", `${own}/$ref`, reference);
        return async () => {
          await world.graph.send("DELETE", `${own}/${String(id)}/$ref`);
          await world.graph.send("DELETE", path);
        };
      },
    },
    {
      finding: "EXO-AUDIT-OWNED-OBJECT",
      severity: "medium",
      make: async () => {
        const group = await createGroup({});
        await world.graph.send("POST", `/groups/${group.id}/owners/$ref`, {
          "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${world.component.servicePrincipalObjectId}`,
        });
        return group.remove;
      },
    },
  ];

  async function create(path: string, body: unknown): Promise<() => Promise<unknown>> {
    const { id } = await world.graph.send("POST", path, body);
    return () => world.graph.send("DELETE", `${path}/${String(id)}`);
  }

  function assign(
    principalId: string,
    roleDefinitionId: string,
    directoryScopeId: string,
  ): ReturnType<typeof create> {
    return create("/roleManagement/directory/roleAssignments", {
      principalId,
      roleDefinitionId,
      directoryScopeId,
    });
  }

  /** As `sameBytes.sh`. */
  async function addSameBytes(object: string): Promise<() => Promise<unknown>> {
    const { keyCredentials } = await world.graph.send("GET", object);
    const key = world.component.generations[0].certificateDerBase64;
    const again = { type: "AsymmetricX509Cert", usage: "Verify", displayName: "again", key };
    await world.graph.send("PATCH", object, { keyCredentials: [...(keyCredentials as unknown[]), again] });
    return () => world.graph.send("PATCH", object, { keyCredentials });
  }

  function setAttribute(Trusted: string | null): Promise<unknown> {
    const type = { "@odata.type": "#Microsoft.DirectoryServices.CustomSecurityAttributeValue" };
    const customSecurityAttributes = { Deployment: { ...type, Trusted } };
    return world.graph.send("PATCH", principal(), { customSecurityAttributes });
  }

  async function patched(change: object, back: object): Promise<() => Promise<unknown>> {
    await world.graph.send("PATCH", application(), change);
    return () => world.graph.send("PATCH", application(), back);
  }

  /** Makes somebody eligible for a role over an object, as `eligible.sh` does. */
  async function eligibleOver(
    principalId: string,
    roleDefinitionId: string,
    directoryScopeId: string,
  ): Promise<() => Promise<unknown>> {
    const path = "/roleManagement/directory/roleEligibilityScheduleRequests";
    const request = { principalId, roleDefinitionId, directoryScopeId, justification: "x" };
    const scheduleInfo = { expiration: { type: "noExpiration" } };
    await world.graph.send("POST", path, { ...request, action: "adminAssign", scheduleInfo });
    return () => world.graph.send("POST", path, { ...request, action: "adminRemove" });
  }

  async function addPolicy(object: string): Promise<() => Promise<unknown>> {
    const { id } = await world.graph.send("POST", "/policies/appManagementPolicies", {
      displayName: "Anything goes",
      isEnabled: true,
      restrictions: {},
    });
    await world.graph.send("POST", `${object}/appManagementPolicies/$ref`, {
      "@odata.id": `https://graph.microsoft.com/v1.0/policies/appManagementPolicies/${String(id)}`,
    });
    return () => world.graph.send("DELETE", `${object}/appManagementPolicies/${String(id)}/$ref`);
  }

  async function createGroup(properties: object): Promise<Group> {
    const created = await world.graph.send("POST", "/groups", {
      displayName: "A group",
      mailEnabled: false,
      mailNickname: "group",
      securityEnabled: true,
      ...properties,
    });
    const id = String(created["id"]);
    return { id, remove: () => world.graph.send("DELETE", `/groups/${id}`) };
  }

  function withMember(): object {
    const { servicePrincipalObjectId } = world.component;
    return {
      "members@odata.bind": [
        `https://graph.microsoft.com/v1.0/servicePrincipals/${servicePrincipalObjectId}`,
      ],
    };
  }

  function makeEligible(principalId: string): Promise<unknown> {
    return world.graph.send("POST", "/roleManagement/directory/roleEligibilityScheduleRequests", {
      action: "adminAssign",
      principalId,
      roleDefinitionId: "62e90394-69f5-4237-9190-012177145e10",
      directoryScopeId: "/",
      justification: "persistence",
      scheduleInfo: { expiration: { type: "noExpiration" } },
    });
  }

  async function addOwner(object: string): Promise<() => Promise<unknown>> {
    await world.graph.send("POST", `${object}/owners/$ref`, {
      "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${intruderId}`,
    });
    return () => world.graph.send("DELETE", `${object}/owners/${intruderId}/$ref`);
  }

  async function addPassword(object: string): Promise<() => Promise<unknown>> {
    const { keyId } = await world.graph.send("POST", `${object}/addPassword`, { passwordCredential: {} });
    return () => world.graph.send("POST", `${object}/removePassword`, { keyId });
  }

  /** Adds a certificate under the declared one's own thumbprint and name, as whoever wants to hide would. */
  async function addCertificate(object: string): Promise<() => Promise<unknown>> {
    const { keyCredentials } = await world.graph.send("GET", object);
    const { certificatePem } = await makeCertificate();
    const added = {
      type: "AsymmetricX509Cert",
      usage: "Verify",
      displayName: "CN=Exchange Online automation",
      customKeyIdentifier: world.component.thumbprint,
      key: new X509Certificate(certificatePem).raw.toString("base64"),
    };
    await world.graph.send("PATCH", object, { keyCredentials: [...(keyCredentials as unknown[]), added] });
    return () => world.graph.send("PATCH", object, { keyCredentials });
  }

  return { changes, application, principal, addOwner, createGroup, withMember };
}
