import { createHash, X509Certificate } from "node:crypto";
import type { ApplicationObjects } from "../../../graph/removal.ts";
import { ApiError } from "../../../graph/apiError.ts";
import {
  compareAccess,
  type ComparedAccess,
  type Comparison,
} from "../../../operations/audit/compareAccess.ts";
import { type DeclaredAccess, declaredAccess } from "../../../operations/audit/declaredAccess.ts";
import { type ObservedAccess, readName } from "../../../operations/audit/observedAccess.ts";
import { rules } from "../../../operations/audit/rules.ts";
import { type StackComponent, stackStateOf } from "../../../stack/components.ts";
import { selectComponent } from "../../../stack/selectComponents.ts";
import { parseExport } from "../../../stack/exportedState.ts";
import { makeCertificate } from "../../graph/testCertificate.ts";
import { exportedComponent, type ExportedResource, exportOf, secret } from "../../stack/exportedState.ts";

/** The two objects that the sample's state names. */
export const objects: ApplicationObjects = {
  applicationObjectId: "application-of-exchange",
  servicePrincipalObjectId: "principal-of-exchange",
};

/** The component's two certificates and one beside it. */
const lifetime = [new Date("2026-11-02T00:00:00Z"), new Date("2027-11-01T00:00:00Z")] as const;
const certificates = await Promise.all([
  makeCertificate(...lifetime),
  makeCertificate(...lifetime),
  makeCertificate(...lifetime),
]);

const exchange = "resource-exchange";
const manageAsApp = "dc50a0fb-09a3-484d-be87-e023b12c6440";
const administrator = "29232cdf-9323-42fd-ade2-1d097af3e4de";

/** So many there are of everything that can be declared, which is more than any page of an answer has. */
const many = [1, 2, 3, 4, 5];

/** A stack's state with the component and, beside it, every resource that grants access through it. */
function exportedStack(...more: readonly ExportedResource[]): unknown {
  const resources: Partial<ExportedResource>[] = [
    ...exportedComponent("production", "infrastructure", "exchange")
      .filter(({ type }) => !type.includes("RoleAssignment"))
      .map(recorded),
    beside("azuread:index/application:Application", {
      objectId: objects.applicationObjectId,
      signInAudience: "AzureADMyOrg",
      owners: many.map((number) => `Owner-${number}`),
      password: { keyId: "inline-password", value: secret("s") },
    }),
    beside("azuread:index/servicePrincipal:ServicePrincipal", {
      objectId: objects.servicePrincipalObjectId,
      owners: many.map((number) => `owner-${number}`),
    }),
    beside("azuread:index/applicationCertificate:ApplicationCertificate", {
      applicationId: `/applications/${objects.applicationObjectId}`,
      keyId: "key-2",
      value: secret(derOf(certificates[2].certificatePem).toString("hex")),
      encoding: "hex",
    }),
    beside("azuread:index/applicationPassword:ApplicationPassword", {
      applicationId: `/applications/${objects.applicationObjectId}`,
      keyId: "password-1",
    }),
    beside("azuread:index/groupMember:GroupMember", {
      memberObjectId: objects.servicePrincipalObjectId,
      groupObjectId: "carrying-1",
    }),
    beside("azuread:index/privilegedAccessGroupAssignmentSchedule:PrivilegedAccessGroupAssignmentSchedule", {
      principalId: objects.servicePrincipalObjectId,
      groupId: "carrying-2",
      assignmentType: "member",
    }),
    {
      ...beside("azuread:index/group:Group", { objectId: "Carrying-3" }),
      inputs: { members: [objects.servicePrincipalObjectId] },
    },
    // Its members are what the tenant has, as its program does not say.
    {
      ...beside("azuread:index/group:Group", {}),
      outputs: { objectId: "carrying-4", members: [objects.servicePrincipalObjectId] },
    },
    ...many.flatMap(numbered),
    ...more,
  ];
  return exportOf(resources);
}

/** A component as release 0.2.0 leaves it, with its own record; its permissions and roles stand beside it. */
function recorded(resource: ExportedResource, index: number): ExportedResource {
  if (resource.type === "exchange-auth:index:ExchangeAppOnlyAuth") {
    const none = { permissions: [], roleTemplateIds: [], userRoles: [] };
    return {
      ...resource,
      inputs: { cloud: "global", signInAudience: "AzureADMyOrg", owners: ["Owner-1"], ...none },
    };
  }
  const sha256 = createHash("sha256")
    .update(derOf(certificates[index - 1]!.certificatePem))
    .digest("hex");
  const facts = { keyId: `key-${index - 1}`, certificateThumbprintSha256: sha256.toUpperCase() };
  return { ...resource, outputs: { ...resource.outputs, ...facts } };
}

/** One of each resource of which the sample has many. */
function numbered(number: number): readonly ExportedResource[] {
  const { applicationObjectId, servicePrincipalObjectId } = objects;
  return [
    beside("azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential", {
      applicationId: `/applications/${applicationObjectId}`,
      issuer: "https://issuer",
      subject: `ours-${number}`,
      audiences: ["b", "a"],
    }),
    beside("azuread:index/appRoleAssignment:AppRoleAssignment", {
      principalObjectId: servicePrincipalObjectId,
      resourceObjectId: `${exchange}-${number}`,
      appRoleId: manageAsApp,
    }),
    beside("azuread:index/directoryRoleAssignment:DirectoryRoleAssignment", {
      principalObjectId: servicePrincipalObjectId,
      roleId: administrator,
      directoryScopeId: scopeOf(number),
    }),
    ...[applicationObjectId, servicePrincipalObjectId].map((target) =>
      beside("azuread:index/directoryRoleAssignment:DirectoryRoleAssignment", {
        principalObjectId: `somebody-${number}`,
        roleId: administrator,
        directoryScopeId: `/${target}`,
      }),
    ),
    beside("azuread:index/directoryRoleEligibilityScheduleRequest:DirectoryRoleEligibilityScheduleRequest", {
      principalId: servicePrincipalObjectId,
      roleDefinitionId: administrator,
      directoryScopeId: scopeOf(number),
    }),
    beside(
      "azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant",
      {
        servicePrincipalObjectId,
        resourceServicePrincipalObjectId: `${exchange}-${number}`,
        claimValues: ["openid", "User.Read"],
      },
    ),
  ];
}

/** The first is the whole tenant. */
function scopeOf(number: number): string {
  return number === 1 ? "/" : `/administrativeUnits/unit-${number}`;
}

/** The sample's component. */
function component(): StackComponent {
  return selectComponent(stackStateOf(parseExport(exportedStack())), undefined);
}

/** What the sample's stack declares, with more resources beside the component; its current certificate is young. */
export function declared(...more: readonly ExportedResource[]): DeclaredAccess {
  return declaredAccess(parseExport(exportedStack(...more)).resources, component());
}

/** The bodies with which Graph answers an audit of the untouched sample. */
export function untouchedBodies() {
  return {
    application: {
      id: objects.applicationObjectId,
      signInAudience: "AzureADMyOrg",
      servicePrincipalLockConfiguration: { isEnabled: true, allProperties: true },
      web: {
        redirectUris: [],
        implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
      },
      spa: { redirectUris: [] },
      publicClient: { redirectUris: [] },
      isFallbackPublicClient: null,
      isDisabled: null,
      createdByAppId: "deployer",
      managerApplications: null,
      authenticationBehaviors: null,
      api: { preAuthorizedApplications: [] },
      keyCredentials: certificates.map(({ certificatePem }, index) => ({
        keyId: `key-${index}`,
        type: "AsymmetricX509Cert",
        usage: "Verify",
        displayName: "CN=Exchange test",
        endDateTime: "2027-10-01T00:00:00Z",
        key: derOf(certificatePem).toString("base64"),
      })),
      passwordCredentials: [
        { keyId: "PASSWORD-1", displayName: null, hint: "abc", endDateTime: null },
        { keyId: "inline-password", displayName: "Inline", hint: "def", endDateTime: null },
      ],
    },
    applicationOwners: owners(),
    federatedCredentials: list(
      ...many.map((number) => ({
        id: `federated-${number}`,
        name: "ours",
        issuer: "https://issuer",
        subject: `ours-${number}`,
        audiences: ["a", "b"],
      })),
    ),
    servicePrincipalFederatedCredentials: list(),
    applicationPolicies: list(),
    servicePrincipalPolicies: list(),
    servicePrincipal: { id: objects.servicePrincipalObjectId, keyCredentials: [], passwordCredentials: [] },
    servicePrincipalOwners: owners(),
    permissions: list(
      ...many.map((number) => ({
        id: `assignment-${number}`,
        appRoleId: manageAsApp,
        resourceId: `${exchange}-${number}`,
        resourceDisplayName: "Office 365 Exchange Online",
      })),
    ),
    delegatedGrants: list(
      ...many.map((number) => ({
        id: `grant-${number}`,
        resourceId: `${exchange}-${number}`,
        consentType: "AllPrincipals",
        principalId: null,
        scope: "User.Read openid",
      })),
    ),
    memberships: list(
      {
        "@odata.type": "#microsoft.graph.directoryRole",
        id: "role-1",
        displayName: "Exchange Administrator",
      },
      {
        "@odata.type": "#microsoft.graph.group",
        id: "group-1",
        displayName: "All",
        isAssignableToRole: null,
      },
      ...[1, 2, 3].map((number) => ({
        "@odata.type": "#microsoft.graph.group",
        id: `carrying-${number}`,
        displayName: "Carries roles",
        isAssignableToRole: true,
      })),
    ),
    roles: held("role-assignment"),
    eligibilities: held("schedule"),
    eligibilitiesOverApplication: list(),
    eligibilitiesOverServicePrincipal: list(),
    roleSchedules: held("role-schedule"),
    schedulesOverApplication: list(),
    schedulesOverServicePrincipal: list(),
    groupEligibilities: list(),
    groupSchedules: list(),
    tokenLifetimePolicies: list({
      id: "policy-of-others",
      displayName: "Others",
      definition: ["{}"],
    }),
    claimsMappingPolicies: list(),
    homeRealmDiscoveryPolicies: list(),
    tokenIssuancePolicies: list(),
    ownedObjects: list(),
    securityAttributes: { id: objects.servicePrincipalObjectId, customSecurityAttributes: null },
    rolesOverApplication: heldOver(objects.applicationObjectId),
    rolesOverServicePrincipal: heldOver(objects.servicePrincipalObjectId),
  };
}

function owners(): unknown {
  return list(
    ...many.map((number) => ({ id: `owner-${number}`, displayName: number === 1 ? "Olga" : null })),
  );
}

/** The roles of the service principal, or those that it is eligible for. */
function held(what: string): unknown {
  return list(
    ...many.map((number) => ({
      id: `${what}-${number}`,
      principalId: objects.servicePrincipalObjectId,
      roleDefinitionId: administrator,
      directoryScopeId: scopeOf(number),
    })),
  );
}

function heldOver(target: string): unknown {
  return list(
    ...many.map((number) => ({
      id: `role-over-${number}`,
      principalId: `somebody-${number}`,
      roleDefinitionId: administrator,
      directoryScopeId: `/${target}`,
    })),
  );
}

/** What an audit of the sample knows besides: no service, no user, no app management policy. */
export const nothingElse = {
  resources: new Map(),
  userRoles: { missing: [], unread: [] },
  policies: {
    tenant: { ok: true, value: { isEnabled: false } },
    application: { ok: true, value: [] },
    servicePrincipal: { ok: true, value: [] },
  },
} as const satisfies Partial<Comparison>;

/** A part of what an audit reads. */
export type PartName = keyof ReturnType<typeof untouchedBodies>;

/** As the client gives them to an audit, all read. */
export async function observedFrom(
  bodies: Readonly<Record<PartName, unknown>>,
  follow: (url: string) => Promise<unknown> = async (url) => furtherBody(url),
): Promise<ObservedAccess> {
  const outcomes = namedReads().map(async ({ name, read }) => {
    // Every part has a body, or the schema refuses it.
    const value = await read.at("/part").finish(bodies[read.name as PartName], follow);
    return [name, { ok: true, value }] as const;
  });
  return Object.fromEntries(await Promise.all(outcomes));
}

/** Compares the sample, of which some answers and some of what an audit knows are others. */
export async function auditSample(
  changes: Partial<Record<PartName, unknown>> = {},
  others: Partial<Comparison> = {},
  follow?: (url: string) => Promise<unknown>,
): Promise<ComparedAccess> {
  return compareAccess({
    name: "exchange",
    objects,
    declared: declared(),
    observed: await observedFrom({ ...untouchedBodies(), ...changes }, follow),
    ...nothingElse,
    graphUrl: "https://graph.microsoft.com",
    now: new Date("2026-11-23T09:00:00Z"),
    ...others,
  });
}

/** The sample's application with other properties. */
export function applicationWith(properties: object): Partial<Record<PartName, unknown>> {
  return { application: { ...untouchedBodies().application, ...properties } };
}

const signInPolicy = { rule: "EXO-AUDIT-SIGN-IN-POLICY", id: "policy-9", definition: ["{}"] } as const;

/** Policies that apply to the sample's application, by their parts, with the rule that finds each. */
export const intrudingPolicies = {
  tokenLifetimePolicies: {
    rule: "EXO-AUDIT-TOKEN-LIFETIME",
    id: "policy-9",
    definition: ['{"TokenLifetimePolicy":{"AccessTokenLifetime":"23:59:59"}}'],
  },
  claimsMappingPolicies: signInPolicy,
  homeRealmDiscoveryPolicies: signInPolicy,
  tokenIssuancePolicies: signInPolicy,
} as const;

/** What hangs on items of the sample, by where Graph lists it: whom a policy applies to, and what a group's roles are. */
const furtherBodies: Readonly<Record<string, unknown>> = {
  "/v1.0/policies/tokenLifetimePolicies/policy-of-others/appliesTo": list({ id: "somebody" }),
  ...Object.fromEntries(
    ["tokenLifetime", "claimsMapping", "homeRealmDiscovery", "tokenIssuance"].map((kind) => [
      `/v1.0/policies/${kind}Policies/policy-9/appliesTo`,
      list({ id: objects.applicationObjectId }),
    ]),
  ),
  ...Object.fromEntries(
    ["carrying-1", "carrying-2", "carrying-3", "group-2", "group-9"].map((group) => [
      rolesAddress(group),
      list(),
    ]),
  ),
  ...Object.fromEntries(many.map((number) => [groupAddress(`somebody-${number}`), list()])),
};

/** Those of them that an audit of the untouched sample reads. */
export const furtherAddresses: readonly string[] = Object.keys(furtherBodies).filter((address) =>
  /others|carrying|groups/.test(address),
);

/** Where Graph lists the roles of a group. */
export function rolesAddress(group: string): string {
  return `/v1.0/roleManagement/directory/roleAssignments?$filter=principalId%20eq%20'${group}'&$expand=roleDefinition`;
}

/** Where Graph says whether a principal is a group; of the sample's, none is. */
export function groupAddress(principal: string): string {
  return `/v1.0/groups?$filter=id%20eq%20'${principal}'&$select=id,displayName`;
}

/** That list. @throws where the address is another's */
export function furtherBody(url: string): unknown {
  const body = furtherBodies[url] ?? (url.startsWith("/v1.0/groups?") ? list() : undefined);
  if (body === undefined) throw new Error(`no further page at ${url}`);
  return body;
}

/** What was read, but for one part. */
export function refused(
  observed: ObservedAccess,
  part: PartName,
  failed: ObservedAccess[string],
): ObservedAccess {
  const names = namedReads().filter(({ read }) => read.name === part);
  return { ...observed, ...Object.fromEntries(names.map(({ name }) => [name, failed])) };
}

function namedReads() {
  return rules.flatMap((rule) => rule.reads.map((read, index) => ({ name: readName(rule, index), read })));
}

/** A part of an audit that was refused. */
export function refusal(status: number, code: string): { readonly ok: false; readonly error: ApiError } {
  const failure = { service: "Microsoft Graph", request: "GET /part", status, code, reason: "No." };
  return { ok: false, error: new ApiError(failure) };
}

function list(...value: unknown[]): unknown {
  return { value };
}

/** A resource whose program asked for all of it. */
export function beside(type: string, inputs: Readonly<Record<string, unknown>>): ExportedResource {
  return { urn: `urn:pulumi:production::infrastructure::${type}::beside`, type, inputs, outputs: inputs };
}

function derOf(pem: string): Buffer {
  return new X509Certificate(pem).raw;
}
