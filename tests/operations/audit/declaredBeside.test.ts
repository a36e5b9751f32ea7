import { expect, test } from "vitest";
import { declaredAccess } from "../../../operations/audit/declaredAccess.ts";
import { contentHash } from "../../../operations/findings/contentHash.ts";
import { stackStateOf } from "../../../stack/components.ts";
import { selectComponent } from "../../../stack/selectComponents.ts";
import { parseExport } from "../../../stack/exportedState.ts";
import { exportedComponent, exportOf } from "../../stack/exportedState.ts";
import { objects } from "./sampleAccess.ts";

const { applicationObjectId: application, servicePrincipalObjectId: principal } = objects;
const onApplication = { applicationId: `/applications/${application}` };
const [someRole, someGroup] = ["role-1", "group-1"];
const federated = contentHash(["https://issuer", "ours", ["a", "b"], ""]);
const flexible = contentHash(["https://issuer", "", ["a"], "claims['sub'] matches '*'"]);

// What a resource that stands beside the component declares of the access through its application: nothing where it is
// about another application, service principal or group member.
test.each<[string, string, Record<string, unknown>, readonly string[]]>([
  [
    "EXO-AUDIT-SIGN-IN-AUDIENCE",
    "Application",
    { objectId: application, signInAudience: "AzureADMultipleOrgs" },
    ["AzureADMultipleOrgs"],
  ],
  ["EXO-AUDIT-SIGN-IN-AUDIENCE", "Application", { objectId: "o", signInAudience: "AzureADMultipleOrgs" }, []],
  ["EXO-AUDIT-SIGN-IN-AUDIENCE", "Application", { objectId: application }, []],
  [
    "EXO-AUDIT-REDIRECT-URI",
    "Application",
    {
      objectId: application.toUpperCase(),
      web: { redirectUris: ["https://a", "https://b"] },
      singlePageApplication: { redirectUris: ["https://c"] },
      publicClient: { redirectUris: ["https://d"] },
    },
    ["web https://a", "web https://b", "spa https://c", "publicClient https://d"],
  ],
  ["EXO-AUDIT-REDIRECT-URI", "Application", { objectId: application, web: { homepageUrl: "https://a" } }, []],
  ["EXO-AUDIT-REDIRECT-URI", "Application", { objectId: "o", web: { redirectUris: ["https://a"] } }, []],
  [
    "EXO-AUDIT-PUBLIC-CLIENT",
    "Application",
    { objectId: application, fallbackPublicClientEnabled: true },
    ["isFallbackPublicClient"],
  ],
  [
    "EXO-AUDIT-PUBLIC-CLIENT",
    "Application",
    { objectId: application, fallbackPublicClientEnabled: false },
    [],
  ],
  ["EXO-AUDIT-PUBLIC-CLIENT", "Application", { objectId: "o", fallbackPublicClientEnabled: true }, []],
  ["EXO-AUDIT-OWNED-OBJECT", "Application", { objectId: "o", owners: ["somebody", principal] }, ["o"]],
  ["EXO-AUDIT-OWNED-OBJECT", "ServicePrincipal", { objectId: "o", owners: [principal] }, ["o"]],
  ["EXO-AUDIT-OWNED-OBJECT", "Group", { objectId: "o", owners: [principal] }, ["o"]],
  ["EXO-AUDIT-OWNED-OBJECT", "Group", { objectId: "o", owners: ["somebody"] }, []],
  ["EXO-AUDIT-OWNED-OBJECT", "Group", { owners: [principal] }, []],
  ["EXO-AUDIT-APPLICATION-OWNER", "ApplicationOwner", { ...onApplication, ownerObjectId: "p" }, ["p"]],
  [
    "EXO-AUDIT-APPLICATION-OWNER",
    "ApplicationOwner",
    { applicationId: "/applications/o", ownerObjectId: "p" },
    [],
  ],
  ["EXO-AUDIT-APPLICATION-OWNER", "Application", { objectId: application, owners: ["p", 7] }, ["p"]],
  ["EXO-AUDIT-APPLICATION-OWNER", "Application", { objectId: "o", owners: ["p"] }, []],
  ["EXO-AUDIT-SERVICE-PRINCIPAL-OWNER", "ServicePrincipal", { objectId: principal, owners: ["p"] }, ["p"]],
  ["EXO-AUDIT-SERVICE-PRINCIPAL-OWNER", "ServicePrincipal", { objectId: "o", owners: ["p"] }, []],
  [
    "EXO-AUDIT-APPLICATION-PASSWORD",
    "ApplicationPassword",
    { ...onApplication, keyId: "k", value: "s" },
    ["k"],
  ],
  [
    "EXO-AUDIT-APPLICATION-PASSWORD",
    "ApplicationPassword",
    { applicationId: "/applications/o", keyId: "k" },
    [],
  ],
  [
    "EXO-AUDIT-APPLICATION-PASSWORD",
    "Application",
    { objectId: application, password: { keyId: "k" } },
    ["k"],
  ],
  ["EXO-AUDIT-APPLICATION-PASSWORD", "Application", { objectId: application }, []],
  ["EXO-AUDIT-APPLICATION-PASSWORD", "Application", { objectId: "o", password: { keyId: "k" } }, []],
  [
    "EXO-AUDIT-SERVICE-PRINCIPAL-PASSWORD",
    "ServicePrincipalPassword",
    { servicePrincipalId: `/servicePrincipals/${principal}`, keyId: "k" },
    ["k"],
  ],
  [
    "EXO-AUDIT-SERVICE-PRINCIPAL-PASSWORD",
    "ServicePrincipalPassword",
    { servicePrincipalId: "/servicePrincipals/o", keyId: "k" },
    [],
  ],
  [
    "EXO-AUDIT-FEDERATED-CREDENTIAL",
    "ApplicationFederatedIdentityCredential",
    { ...onApplication, issuer: "https://issuer", subject: "ours", audiences: ["b", "a"] },
    [federated],
  ],
  [
    "EXO-AUDIT-FEDERATED-CREDENTIAL",
    "ApplicationFlexibleFederatedIdentityCredential",
    {
      ...onApplication,
      issuer: "https://issuer",
      audience: "a",
      claimsMatchingExpression: "claims['sub'] matches '*'",
    },
    [flexible],
  ],
  [
    "EXO-AUDIT-FEDERATED-CREDENTIAL",
    "ApplicationFederatedIdentityCredential",
    { applicationId: "/applications/o", issuer: "https://issuer", subject: "ours", audiences: ["a"] },
    [],
  ],
  [
    "EXO-AUDIT-PERMISSION",
    "AppRoleAssignment",
    { principalObjectId: principal, resourceObjectId: "r", appRoleId: someRole },
    ["r role-1"],
  ],
  [
    "EXO-AUDIT-PERMISSION",
    "AppRoleAssignment",
    { principalObjectId: "o", resourceObjectId: "r", appRoleId: someRole },
    [],
  ],
  [
    "EXO-AUDIT-DELEGATED-GRANT",
    "ServicePrincipalDelegatedPermissionGrant",
    {
      servicePrincipalObjectId: principal,
      resourceServicePrincipalObjectId: "r",
      userObjectId: "u",
      claimValues: ["openid", "User.Read"],
    },
    ["r u openid", "r u User.Read"],
  ],
  [
    "EXO-AUDIT-DELEGATED-GRANT",
    "ServicePrincipalDelegatedPermissionGrant",
    { servicePrincipalObjectId: "o", resourceServicePrincipalObjectId: "r", claimValues: ["openid"] },
    [],
  ],
  ["EXO-AUDIT-ROLE", "DirectoryRoleAssignment", { principalObjectId: "P", roleId: "ROLE-1" }, ["p role-1 /"]],
  [
    "EXO-AUDIT-SCOPED-ROLE",
    "DirectoryRoleAssignment",
    { principalObjectId: "p", roleId: someRole, directoryScopeId: `/${application}` },
    [`p role-1 /${application}`],
  ],
  [
    "EXO-AUDIT-ROLE-ELIGIBILITY",
    "DirectoryRoleEligibilityScheduleRequest",
    { principalId: "p", roleDefinitionId: someRole, directoryScopeId: "/" },
    ["p role-1 /"],
  ],
  [
    "EXO-AUDIT-SCOPED-ROLE-ELIGIBILITY",
    "DirectoryRoleEligibilityScheduleRequest",
    { principalId: "p", roleDefinitionId: someRole, directoryScopeId: `/${principal}` },
    [`p role-1 /${principal}`],
  ],
  [
    "EXO-AUDIT-ROLE-GROUP",
    "GroupMember",
    { memberObjectId: principal, groupObjectId: someGroup },
    ["group-1"],
  ],
  ["EXO-AUDIT-ROLE-GROUP", "GroupMember", { memberObjectId: "o", groupObjectId: someGroup }, []],
  ["EXO-AUDIT-ROLE-GROUP", "Group", { objectId: someGroup, members: ["o", principal] }, ["group-1"]],
  ["EXO-AUDIT-ROLE-GROUP", "Group", { objectId: someGroup, members: ["o"] }, []],
  [
    "EXO-AUDIT-ROLE-GROUP",
    "PrivilegedAccessGroupAssignmentSchedule",
    { principalId: principal, groupId: someGroup, assignmentType: "member" },
    ["group-1"],
  ],
  [
    "EXO-AUDIT-ROLE-GROUP",
    "PrivilegedAccessGroupAssignmentSchedule",
    { principalId: principal, groupId: someGroup, assignmentType: "owner" },
    [],
  ],
  [
    "EXO-AUDIT-ROLE-GROUP",
    "PrivilegedAccessGroupAssignmentSchedule",
    { principalId: "o", groupId: someGroup },
    [],
  ],
  [
    "EXO-AUDIT-GROUP-SCHEDULE",
    "PrivilegedAccessGroupAssignmentSchedule",
    { principalId: principal, groupId: someGroup, assignmentType: "member" },
    ["group-1 member"],
  ],
  [
    "EXO-AUDIT-GROUP-SCHEDULE",
    "PrivilegedAccessGroupAssignmentSchedule",
    { principalId: "o", groupId: someGroup },
    [],
  ],
  [
    "EXO-AUDIT-GROUP-ELIGIBILITY",
    "PrivilegedAccessGroupEligibilitySchedule",
    { principalId: principal, groupId: someGroup, assignmentType: "owner" },
    ["group-1 owner"],
  ],
  [
    "EXO-AUDIT-GROUP-ELIGIBILITY",
    "PrivilegedAccessGroupEligibilitySchedule",
    { principalId: "o", groupId: someGroup },
    [],
  ],
])("%s: %s with %j declares %j", (rule, word, inputs, keys) => {
  expect(declaredBeside(word, inputs).get(rule) ?? new Set()).toEqual(new Set(keys));
});

/** The keys that one resource declares where the component itself declares none. */
function declaredBeside(
  word: string,
  properties: Record<string, unknown>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const [component, ...children] = exportedComponent("production", "infrastructure", "exchange");
  const generations = children.filter(({ type }) => type.startsWith("exchange-auth:"));
  const type = `azuread:index/x:${word}`;
  const { keyId: _, objectId: __, ...inputs } = properties;
  const beside = {
    urn: `urn:pulumi:production::infrastructure::${type}::beside`,
    type,
    inputs,
    outputs: properties,
  };
  const none = { permissions: [], roleTemplateIds: [], userRoles: [] };
  const state = parseExport(
    exportOf([{ ...component, inputs: { cloud: "global", ...none } }, ...generations, beside]),
  );
  return declaredAccess(state.resources, selectComponent(stackStateOf(state), undefined)).keys;
}
