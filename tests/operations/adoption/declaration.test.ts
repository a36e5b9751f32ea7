import { X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { declarationOf, type DeclarationOptions } from "../../../operations/adoption/declaration.ts";
import type { FoundApplication, GrantedPermission } from "../../../operations/adoption/readFound.ts";
import { manageAsApp, manageAsAppRoleIds } from "../../../microsoft/permissions.ts";
import { makeCertificate } from "../../graph/testCertificate.ts";
import { foundApplication, grantedBy } from "./foundApplication.ts";

const options: DeclarationOptions = {
  cloud: "global",
  tenantId: "tenant",
  isExisting: false,
  now: new Date("2026-11-23T09:00:00Z"),
};
const exchangeAdministrator = "29232CDF-9323-42FD-ADE2-1D097AF3E4DE";
const globalReader = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";
const globalAdministrator = "62e90394-69f5-4237-9190-012177145e10";

function inDays(count: number): Date {
  return new Date(options.now.getTime() + count * 86_400_000);
}

function declaration(found: FoundApplication, changes: Partial<DeclarationOptions> = {}) {
  return declarationOf(found, { ...options, ...changes });
}

/** Exchange.ManageAsApp, as Graph shows it: by value and by id. */
function manage(service: string): GrantedPermission {
  const granted = grantedBy(service, { value: manageAsApp });
  return { ...granted, appRoleId: manageAsAppRoleIds[granted.resourceAppId] ?? "" };
}

function held(roleDefinitionId: string, directoryScopeId: string | null = "/") {
  return { id: roleDefinitionId, principalId: "principal", roleDefinitionId, directoryScopeId };
}

const exchange = manage("Office365ExchangeOnline");
const protection = manage("Office365ExchangeOnlineProtection");

test("an application is declared with its name, notes, tags and owners", () => {
  const found = foundApplication(
    { permissions: [exchange], applicationOwners: [{ id: "owner" }] },
    { application: { displayName: "Mail", notes: "n", tags: ["a", 1] } },
  );
  expect(declaration(found).settings).toEqual({
    displayName: "Mail",
    notes: "n",
    tags: ["a", "1"],
    owners: ["owner"],
    roles: [],
    expectedTenantId: "tenant",
  });
});

test("what is not set is not declared, and the name is then that of the service principal", () => {
  const { application: _, ...elsewhere } = foundApplication({ permissions: [exchange] });
  const expected = { displayName: "Jobs", roles: [], expectedTenantId: "tenant" };
  expect(declaration(elsewhere).settings).toStrictEqual(expected);
  const empty = foundApplication({ permissions: [exchange] }, { application: { notes: "", tags: [] } });
  expect(declaration(empty).settings).toStrictEqual(expected);
});

test("an application that stays another's is named by its client ID alone, with its cloud", () => {
  const found = foundApplication({ permissions: [exchange] }, { application: { notes: "n" } });
  expect(declaration(found, { isExisting: true, cloud: "usGovernmentHigh" }).settings).toEqual({
    existingClientId: "app",
    roles: [],
    securityAndCompliance: false,
    cloud: "usGovernmentHigh",
    expectedTenantId: "tenant",
  });
});

test("roles that Exchange accepts over the whole tenant are declared, and any other is shown", () => {
  const roles = [
    held(exchangeAdministrator),
    held(globalAdministrator),
    held(globalReader, "/administrativeUnits/unit"),
    held(globalReader, null),
    held("fe930be7-5e62-47db-91af-98c3a49a38b1"),
    held("strange"),
  ];
  const { settings, undeclared } = declaration(
    foundApplication({ roles, permissions: [exchange, protection] }),
  );
  expect(settings).toMatchObject({
    roles: ["Exchange Administrator", "Global Administrator"],
    allowGlobalAdministrator: true,
  });
  expect(undeclared.map(({ title }) => title)).toEqual([
    "role Global Reader over /administrativeUnits/unit",
    "role Global Reader over an unknown scope",
    "role User Administrator over the whole tenant",
    "role strange over the whole tenant",
  ]);
  expect(new Set(undeclared.map(({ choice }) => choice))).toEqual(
    new Set([
      "declare it with an azuread.DirectoryRoleAssignment next to the component, accept it in .exo-auth, or remove it",
    ]),
  );
});

test("Global Administrator is allowed only where it is held", () => {
  const { settings } = declaration(foundApplication({ roles: [held(exchangeAdministrator)] }));
  expect(settings).not.toHaveProperty("allowGlobalAdministrator");
});

// A role that opens Security & Compliance makes the component grant that permission, unless the settings leave it out.
test.each<[string, readonly GrantedPermission[], string, object]>([
  ["held, with a role that opens it", [exchange, protection], globalReader, {}],
  ["not held, with a role that opens it", [exchange], globalReader, { securityAndCompliance: false }],
  ["not held, with a role that does not", [exchange], exchangeAdministrator, {}],
  [
    "held, with a role that does not",
    [exchange, protection],
    exchangeAdministrator,
    { apiPermissions: [{ resource: "Office365ExchangeOnlineProtection", permission: manageAsApp }] },
  ],
])("the permission of Security & Compliance: %s", (_, permissions, role, expected) => {
  const { settings, additions, undeclared } = declaration(
    foundApplication({ permissions, roles: [held(role)] }),
  );
  expect({
    apiPermissions: settings.apiPermissions,
    securityAndCompliance: settings.securityAndCompliance,
  }).toEqual({ apiPermissions: undefined, securityAndCompliance: undefined, ...expected });
  expect(additions).toEqual(["a new certificate, whose key Pulumi creates"]);
  expect(undeclared).toEqual([]);
});

test("other permissions are declared by value, or by id where they have none", () => {
  const { value: _, ...byId } = grantedBy("11111111-1111-4111-8111-111111111111");
  const { settings } = declaration(
    foundApplication({ permissions: [exchange, grantedBy("MicrosoftGraph"), byId] }),
  );
  expect(settings.apiPermissions).toEqual([
    { resource: "MicrosoftGraph", permission: "Mail.Read" },
    { resource: "11111111-1111-4111-8111-111111111111", permission: byId.appRoleId },
  ]);
});

test("a permission that its service does not offer, or of a service that is not known, is shown", () => {
  const { resourceAppId: _, ...unknown } = grantedBy("Unknown");
  const { value: __, ...withdrawn } = grantedBy("MicrosoftGraph", { isOffered: false });
  const { settings, undeclared } = declaration(
    foundApplication({ permissions: [exchange, unknown, withdrawn] }),
  );
  expect(settings).not.toHaveProperty("apiPermissions");
  expect(undeclared).toEqual(
    ["Mail.Read of Unknown", "role of MicrosoftGraph of MicrosoftGraph"].map((words) => ({
      title: `permission ${words}, which that service does not offer to applications now`,
      choice: "accept it in .exo-auth, or remove it",
    })),
  );
});

test("its certificates are declared, a weak one with its digest, and an update adds one where none is valid", async () => {
  const [short, long, weak] = await Promise.all([
    makeCertificate(inDays(-1), inDays(30)),
    makeCertificate(inDays(-1), inDays(60)),
    makeCertificate(inDays(-1), inDays(10), { modulusLength: 1024 }),
  ]);
  const keyCredentials = [short, long, weak].map(({ certificatePem }, index) => ({
    keyId: `${index}0000000-0000-4000-8000-000000000000`,
    type: "AsymmetricX509Cert",
    usage: "Verify",
    key: new X509Certificate(certificatePem).raw.toString("base64"),
  }));
  const [a, b, c] = keyCredentials.map(({ key }) => key);
  const acceptedSha256 = new X509Certificate(weak.certificatePem).fingerprint256.replaceAll(":", "");
  const found = foundApplication({ permissions: [exchange], keyCredentials });
  const generations = [
    { name: "adopted-10000000", publicCertificate: b },
    { name: "adopted-00000000", publicCertificate: a },
    { name: "adopted-20000000", publicCertificate: c, acceptedSha256 },
  ];
  const valid = declaration(found);
  expect(valid.settings.certificate).toStrictEqual({ generations });
  expect(valid.additions).toEqual([]);
  const ended = declaration(found, { now: inDays(90) });
  expect(ended.settings.certificate).toStrictEqual({ generations: [{ name: "1" }, ...generations] });
  expect(ended.additions).toEqual(["a new certificate, because no other one is valid now"]);
});

test("Exchange.ManageAsApp is known by its value or by its id", () => {
  const { value: _, ...byId } = exchange;
  for (const one of [byId, { ...exchange, appRoleId: "another" }]) {
    const { settings, additions } = declaration(foundApplication({ permissions: [one] }));
    expect(settings).not.toHaveProperty("apiPermissions");
    expect(additions).toEqual(["a new certificate, whose key Pulumi creates"]);
  }
});

test("an update adds Exchange's permission where only Security & Compliance's is held", () => {
  expect(declaration(foundApplication({ permissions: [protection] })).additions).toEqual([
    "the permission Exchange.ManageAsApp of Office 365 Exchange Online",
    "a new certificate, whose key Pulumi creates",
  ]);
});
