import { expect, test } from "vitest";
import type { AdoptedSettings } from "../../../operations/adoption/declaration.ts";
import type { FoundApplication, GrantedPermission } from "../../../operations/adoption/readFound.ts";
import { updateLosses } from "../../../operations/adoption/updateLosses.ts";
import { manageAsApp, manageAsAppRoleIds } from "../../../microsoft/permissions.ts";
import { foundApplication, grantedBy } from "./foundApplication.ts";

const settings: AdoptedSettings = { displayName: "Jobs", roles: [], expectedTenantId: "tenant" };

/** What an update would take, one line each. */
function losses(found: FoundApplication, changes: Partial<AdoptedSettings> = {}): readonly string[] {
  return updateLosses(found, { ...settings, ...changes }).map(
    ({ object, property, title }) => `${object} ${property}: ${title}`,
  );
}

test("what an update writes over, of either object, is shown with its value", () => {
  const found = foundApplication(
    {},
    {
      application: {
        description: "Ours",
        web: { redirectUris: ["https://a"], implicitGrantSettings: { enableIdTokenIssuance: true } },
        identifierUris: ['api://a"b'],
        appRoles: [{ id: "1" }, "2"],
        api: { requestedAccessTokenVersion: 2 },
        signInAudience: "AzureADMultipleOrgs",
      },
      servicePrincipal: { notes: "Call Ida", accountEnabled: false, alternativeNames: ["x"] },
    },
  );
  expect(losses(found)).toEqual([
    'application description: description: "Ours"',
    'application identifierUris: identifier URIs: ["api://a\\"b"]',
    'application web.redirectUris: redirect URIs (web): ["https://a"]',
    "application web.implicitGrantSettings.enableIdTokenIssuance: implicit grant of ID tokens: true",
    "application appRoles: app roles: 2 of them",
    "application api.requestedAccessTokenVersion: access token version: 2",
    'application signInAudience: sign-in audience: "AzureADMultipleOrgs"',
    'servicePrincipal notes: notes: "Call Ida"',
    'servicePrincipal alternativeNames: alternative names: ["x"]',
    "servicePrincipal accountEnabled: disabled sign-in: false",
  ]);
});

test.each<[string, Record<string, unknown>]>([
  [
    "is not set",
    { description: null, isFallbackPublicClient: false, groupMembershipClaims: "", appRoles: [] },
  ],
  [
    "is what an update makes of it",
    { api: { requestedAccessTokenVersion: 1 }, signInAudience: "AzureADMyOrg" },
  ],
  [
    "is not set, where an update sets it",
    { api: { requestedAccessTokenVersion: null }, signInAudience: null },
  ],
  ["lies below a part that is not there", { web: null, spa: "text", info: undefined }],
])("what %s is not lost", (_, application) => {
  expect(losses(foundApplication({}, { application, servicePrincipal: { accountEnabled: true } }))).toEqual(
    [],
  );
});

test("nothing is lost of an application that another tenant has, or that the settings only name", () => {
  const { application, ...elsewhere } = foundApplication({}, { application: { description: "Ours" } });
  expect(losses(elsewhere)).toEqual([]);
  expect(losses({ ...elsewhere, application }, { existingClientId: "app" })).toEqual([]);
});

test("name, notes and tags are lost where the settings do not repeat them", () => {
  const found = foundApplication({}, { application: { notes: "n", tags: ["b", "a"] } });
  expect(losses(found, { displayName: "Jobs", notes: "n", tags: ["a", "b"] })).toEqual([]);
  expect(losses(found, { displayName: "Other", notes: "m", tags: ["a"] })).toEqual([
    'application displayName: display name: "Jobs"',
    'application notes: notes: "n"',
    'application tags: tags: ["b","a"]',
  ]);
  expect(losses(foundApplication({}, { application: { notes: null, tags: [] } }), { notes: "m" })).toEqual(
    [],
  );
});

test("owners whom the settings do not name are lost, and all of the service principal's", () => {
  const found = foundApplication({
    applicationOwners: [
      { id: "1", displayName: "Ida" },
      { id: "2", displayName: null },
    ],
    principalOwners: [{ id: "1", displayName: "Ida" }],
  });
  expect(losses(found, { owners: ["1"] })).toEqual([
    "application owners: owner somebody, object ID 2",
    "servicePrincipal owners: owner Ida, object ID 1",
  ]);
  expect(losses(found)).toHaveLength(3);
});

/** An application that asks for the permissions that it holds. */
function asking(permissions: readonly GrantedPermission[], type = "Role"): FoundApplication {
  const requiredResourceAccess = permissions.map(({ resourceAppId, appRoleId }) => ({
    resourceAppId,
    resourceAccess: [{ id: appRoleId, type }],
  }));
  return foundApplication({ permissions }, { application: { requiredResourceAccess } });
}

test("a permission is kept of the service that the settings name, and not another service's of that value", () => {
  const found = asking([grantedBy("MicrosoftGraph"), grantedBy("Another")]);
  const apiPermissions = [{ resource: "MicrosoftGraph", permission: "Mail.Read" }];
  expect(losses(found, { apiPermissions })).toEqual([
    "application requiredResourceAccess: requested application permission Mail.Read of Another",
  ]);
});

test("another permission of a service that the settings name is lost", () => {
  const apiPermissions = [{ resource: "MicrosoftGraph", permission: "Mail.Send" }];
  expect(losses(asking([grantedBy("MicrosoftGraph")]), { apiPermissions })).toEqual([
    "application requiredResourceAccess: requested application permission Mail.Read of MicrosoftGraph",
  ]);
});

test("a permission without a value is kept by its id, and one that its service does not offer now is not", () => {
  const { value: _, ...byId } = grantedBy("MicrosoftGraph");
  const apiPermissions = [{ resource: "MicrosoftGraph", permission: byId.appRoleId }];
  expect(losses(asking([byId]), { apiPermissions })).toEqual([]);
  expect(losses(asking([{ ...byId, isOffered: false }]), { apiPermissions })).toEqual([
    "application requiredResourceAccess: requested application permission role of MicrosoftGraph of MicrosoftGraph",
  ]);
});

test("Exchange.ManageAsApp is kept; that of Security & Compliance unless the settings leave it out", () => {
  const services = ["Office365ExchangeOnline", "Office365ExchangeOnlineProtection"];
  const manage = services.map((service) => {
    const granted = grantedBy(service, { value: manageAsApp });
    return { ...granted, appRoleId: manageAsAppRoleIds[granted.resourceAppId] ?? "" };
  });
  expect(losses(asking(manage))).toEqual([]);
  expect(losses(asking(manage), { securityAndCompliance: false })).toEqual([
    "application requiredResourceAccess: requested application permission Exchange.ManageAsApp of Office365ExchangeOnlineProtection",
  ]);
  expect(losses(asking([grantedBy("Office365ExchangeOnline")]))).toEqual([
    "application requiredResourceAccess: requested application permission Mail.Read of Office365ExchangeOnline",
  ]);
});

test("delegated permissions, and what the application asks for and does not hold, are lost", () => {
  const granted = grantedBy("MicrosoftGraph");
  const apiPermissions = [{ resource: "MicrosoftGraph", permission: "Mail.Read" }];
  expect(losses(asking([granted], "Scope"), { apiPermissions })).toEqual([
    "application requiredResourceAccess: requested delegated permission Mail.Read of MicrosoftGraph",
  ]);
  const requiredResourceAccess = [
    { resourceAppId: granted.resourceAppId, resourceAccess: [{ id: "other", type: "Role" }] },
    { resourceAppId: "strange", resourceAccess: [{ id: granted.appRoleId, type: "Role" }] },
    { resourceAppId: "nothing", resourceAccess: null },
    { resourceAppId: null, resourceAccess: [{ id: null, type: null }] },
  ];
  const found = foundApplication({ permissions: [granted] }, { application: { requiredResourceAccess } });
  expect(losses(found, { apiPermissions })).toEqual([
    "application requiredResourceAccess: requested application permission other of MicrosoftGraph",
    "application requiredResourceAccess: requested application permission role of MicrosoftGraph of strange",
    "application requiredResourceAccess: requested delegated permission none of none",
  ]);
});
