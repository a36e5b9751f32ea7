import { X509Certificate } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "vitest";

import { appCertificateType, componentType } from "../../common/typeTokens.ts";
import { builtInRoles } from "../../microsoft/builtInRoles.ts";
import { rules } from "../../policy/rules.ts";
import { azuread, tls } from "../../policy/types.ts";
import { makeCertificate } from "../graph/testCertificate.ts";
import { type GivenResource, servePack, type ServedPack, unknownText, urnOf } from "./servedPack.ts";

let pack: ServedPack;
beforeAll(async () => {
  pack = await servePack();
});
afterAll(() => pack.close());

type Properties = GivenResource["properties"];

const pinned = { tenantId: "a7d4f3c2-0d43-4b8b-a8e5-7f4d7f6d7c11" };

/** What the rules say of one resource of azuread, whose tenant is pinned. */
async function azureadViolations(
  type: string,
  properties: Properties,
  more: Partial<GivenResource> = {},
): Promise<readonly string[]> {
  return pack.analyze({ type: azuread(type), name: "x", properties, provider: pinned, ...more });
}

const role = (name: string): string => builtInRoles[name] ?? "";
const aad = "https://github.com/cisagov/ScubaGear/blob/main/PowerShell/ScubaGear/baselines/aad.md";

test.each<[string, Properties, string]>([
  ["DirectoryRoleAssignment", { roleId: role("Global Administrator") }, "roleId"],
  ["DirectoryRoleAssignment", { roleId: role("Global Administrator").toUpperCase() }, "roleId"],
  [
    "DirectoryRoleEligibilityScheduleRequest",
    { roleDefinitionId: role("Global Administrator") },
    "roleDefinitionId",
  ],
  ["DirectoryRole", { templateId: role("Global Administrator") }, "templateId"],
  ["DirectoryRole", { displayName: "global administrator" }, "displayName"],
])("Global Administrator is refused: %s %j", async (type, properties, property) => {
  expect(await azureadViolations(type, properties)).toEqual([
    `mandatory no-global-administrator: ${type} "x" has the role "Global Administrator" in \`${property}\`. Choose a narrower role, such as "Exchange Administrator". Rule: no-global-administrator (CISA MS.AAD.7.2, ${aad}#msaad72v1).`,
  ]);
});

test.each<[string, Properties]>([
  ["DirectoryRoleAssignment", { roleId: role("Exchange Administrator") }],
  ["DirectoryRoleAssignment", { roleId: role("Global Reader") }],
  ["DirectoryRoleAssignment", { roleId: unknownText }],
  ["DirectoryRole", { displayName: "Security Reader" }],
])("a role of the list is accepted, and one that is not known yet: %s %j", async (type, properties) => {
  expect(await azureadViolations(type, properties)).toEqual([]);
});

test("a role beyond the list is refused, by its name or a custom role's ID", async () => {
  const source =
    "Rule: allowed-roles (Microsoft's roles for app-only authentication, https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2).";
  const list =
    "Compliance Administrator, Exchange Administrator, Exchange Recipient Administrator, Global Reader, Helpdesk Administrator, Security Administrator, Security Reader";
  expect(
    await azureadViolations("DirectoryRoleAssignment", { roleId: role("Application Administrator") }),
  ).toEqual([
    `mandatory allowed-roles: DirectoryRoleAssignment "x" has the role "Application Administrator" in \`roleId\`, which is not in \`roles\`. Choose one of ${list}, or add the role to \`roles\`. ${source}`,
  ]);
  const custom = "5c2f6d1e-90a4-4f0e-9d0b-1f2f3c4d5e6f";
  expect(await azureadViolations("DirectoryRoleAssignment", { roleId: custom })).toEqual([
    `mandatory allowed-roles: DirectoryRoleAssignment "x" has the role "${custom}" in \`roleId\`, which is not in \`roles\`. Choose one of ${list}, or add the role to \`roles\`. ${source}`,
  ]);
  await pack.configure({ "allowed-roles": { roles: ["application administrator", custom] } });
  expect(
    await azureadViolations("DirectoryRoleAssignment", { roleId: role("Application Administrator") }),
  ).toEqual([]);
  expect(await azureadViolations("DirectoryRoleAssignment", { roleId: custom })).toEqual([]);
  expect(
    await azureadViolations("DirectoryRoleAssignment", { roleId: role("Exchange Administrator") }),
  ).toHaveLength(1);
  await pack.configure({});
});

test("a role that a component declares until a time is one of the stack's roles", async () => {
  const timed = (...names: readonly string[]) =>
    pack.analyze({
      type: componentType,
      name: "exchange",
      properties: {
        expectedTenantId: pinned.tenantId,
        timedRoles: names.map((name) => ({ roleTemplateId: role(name), until: "2027-06-30T00:00:00Z" })),
      },
    });
  expect(await timed("Exchange Administrator", "Global Reader")).toEqual([]);
  expect(await timed("Exchange Administrator", "Global Administrator")).toEqual([
    `mandatory no-global-administrator: ExchangeAppOnlyAuth "exchange" has the role "Global Administrator" in \`timedRoles[1].role\`. Choose a narrower role, such as "Exchange Administrator". Rule: no-global-administrator (CISA MS.AAD.7.2, ${aad}#msaad72v1).`,
  ]);
  await pack.configure({ "allowed-roles": { roles: ["Global Reader"] } });
  expect(await timed("Exchange Administrator", "Global Reader")).toEqual([
    'mandatory allowed-roles: ExchangeAppOnlyAuth "exchange" has the role "Exchange Administrator" in `timedRoles[0].role`, which is not in `roles`. Choose one of Global Reader, or add the role to `roles`. Rule: allowed-roles (Microsoft\'s roles for app-only authentication, https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2).',
  ]);
  await pack.configure({});
});

/** What the rules say of a component that declares these roles of Exchange. */
async function ofComponent(properties: Properties): Promise<readonly string[]> {
  return pack.analyze({
    type: componentType,
    name: "exchange",
    properties: { expectedTenantId: pinned.tenantId, ...properties },
  });
}

const permissionsPage =
  "Rule: no-role-management (Microsoft on permissions in Exchange Online, https://learn.microsoft.com/exchange/permissions-exo/permissions-exo).";

test.each<[Properties, string, string]>([
  [
    { exchangeRoleGroups: ["Help Desk", "Organization Management"] },
    "Organization Management",
    "exchangeRoleGroups[1]",
  ],
  [
    { exchangeRoles: [{ role: "Mail Recipients" }, { role: "role management", recipientFilter: "x" }] },
    "role management",
    "exchangeRoles[1].role",
  ],
  [{ complianceRoleGroups: ["OrganizationManagement"] }, "OrganizationManagement", "complianceRoleGroups[0]"],
])(
  "what lets a job give itself every right in Exchange is refused: %j",
  async (properties, name, property) => {
    const violation = `mandatory no-role-management: ExchangeAppOnlyAuth "exchange" declares "${name}" in \`${property}\`. With it, a job can give itself every right in Exchange, so declare less. \`exo-auth grant --allow-role-management\` does not change this rule: if the job needs it, give this component an exception by its name. ${permissionsPage}`;
    expect(await ofComponent(properties)).toEqual([violation]);
    const exception = { resource: "exchange", reason: "grants", until: "2999-12-31" };
    await pack.configure({ "no-role-management": { exceptions: [exception] } });
    expect(await ofComponent(properties)).toEqual([]);
    await pack.configure({});
  },
);

test.each<[Properties, string, string]>([
  [
    { exchangeRoleGroups: ["6233fba6-0198-4277-892f-9275bf728bcc"] },
    "6233fba6-0198-4277-892f-9275bf728bcc",
    "exchangeRoleGroups[0]",
  ],
  [
    { exchangeRoles: [{ role: "contoso\\Role Management" }] },
    "contoso\\Role Management",
    "exchangeRoles[0].role",
  ],
])(
  "a role of Exchange that hides behind an ID or a path is refused: %j",
  async (properties, name, property) => {
    expect(await ofComponent(properties)).toEqual([
      `mandatory no-role-management: ExchangeAppOnlyAuth "exchange" declares "${name}" in \`${property}\`, which can stand for any role or role group. Declare the name that Exchange shows. ${permissionsPage}`,
    ]);
  },
);

test("narrower roles of Exchange are accepted, and what is not known yet", async () => {
  expect(
    await ofComponent({
      exchangeRoleGroups: ["View-Only Organization Management", "Jobs of Sales"],
      exchangeRoles: [{ role: "View-Only Recipients" }, { role: unknownText }],
      complianceRoleGroups: ["Security Reader"],
    }),
  ).toEqual([]);
  expect(await ofComponent({ exchangeRoleGroups: unknownText, exchangeRoles: unknownText })).toEqual([]);
});

test.each<[string, Properties, string]>([
  ["ApplicationPassword", { applicationId: unknownText }, "is a client secret"],
  ["ServicePrincipalPassword", { servicePrincipalId: "y" }, "is a client secret"],
  [
    "Application",
    { displayName: "x", password: { displayName: "p" } },
    "creates a client secret in `password`",
  ],
  ["Application", { displayName: "x", password: unknownText }, "creates a client secret in `password`"],
])("a client secret is refused: %s %j", async (type, properties, problem) => {
  expect(await azureadViolations(type, properties)).toEqual([
    `mandatory no-client-secrets: ${type} "x" ${problem}. Use a certificate, or a federated identity credential. Rule: no-client-secrets (CISA MS.AAD.5.5, ${aad}#msaad55v1).`,
  ]);
});

test.each<[string, Properties, readonly string[]]>([
  ["Application", { owners: ["alice", unknownText] }, ['"alice"', "that this update creates"]],
  ["Application", { owners: unknownText }, ["that this update creates"]],
  ["ServicePrincipal", { owners: ["bob"] }, ['"bob"']],
  ["ApplicationOwner", { applicationId: "y", ownerObjectId: "carol" }, ['"carol"']],
])("each owner is refused: %s %j", async (type, properties, owners) => {
  expect(await azureadViolations(type, properties)).toEqual(
    owners.map(
      (owner) =>
        `mandatory no-owners: ${type} "x" has the owner ${owner}. Remove the owner, who can add credentials of their own. Rule: no-owners (Microsoft on owners of applications, https://learn.microsoft.com/entra/identity/enterprise-apps/overview-assign-app-owners).`,
    ),
  );
});

test("an application without secrets and owners is accepted", async () => {
  expect(await azureadViolations("Application", { displayName: "x", owners: [], password: null })).toEqual(
    [],
  );
  expect(await azureadViolations("ServicePrincipal", { clientId: unknownText })).toEqual([]);
});

const assign = (appRoleId: string) => azureadViolations("AppRoleAssignment", { appRoleId });

test("a permission that takes over the tenant is refused, Exchange.ManageAsApp is not", async () => {
  expect(await assign("9E3F62CF-CA93-4989-B6CE-BF83C28F9FE8")).toEqual([
    'mandatory no-takeover-permissions: AppRoleAssignment "x" grants the permission "RoleManagement.ReadWrite.Directory". Choose a narrower permission, or give this resource an exception by its name. Rule: no-takeover-permissions (CISA ScubaGear, risky permissions of applications, https://github.com/cisagov/ScubaGear/blob/main/PowerShell/ScubaGear/Modules/Permissions/RiskyAppPermissions.json).',
  ]);
  // Mail.Send, and Exchange's full_access_as_app.
  expect(await assign("b633e1c5-b582-4048-a93e-9f11b44c7e96")).toHaveLength(1);
  expect(await assign("dc890d15-9560-4a4c-9b7f-a736ec74ec40")).toHaveLength(1);
  // Exchange.ManageAsApp of both services, User.Read.All, and one that is not known yet.
  expect(await assign("dc50a0fb-09a3-484d-be87-e023b12c6440")).toEqual([]);
  expect(await assign("455e5cd2-84e8-4751-8344-5672145dfa17")).toEqual([]);
  expect(await assign("df021288-bdef-4463-88db-98f22de89214")).toEqual([]);
  expect(await assign(unknownText)).toEqual([]);
});

/** What the rules say of a component that declares one permission. */
async function declaring(permission: string): Promise<readonly string[]> {
  const permissions = [{ resourceAppId: "x", permission }];
  const properties = { expectedTenantId: pinned.tenantId, permissions };
  return pack.analyze({ type: componentType, name: "exchange", properties });
}

test("a permission that a component declares by a name without a listed ID is refused, too", async () => {
  expect(await declaring("Policy.ReadWrite.Tomorrow")).toEqual([
    'mandatory no-takeover-permissions: ExchangeAppOnlyAuth "exchange" declares the permission "Policy.ReadWrite.Tomorrow". Choose a narrower permission, or give this component an exception by its name. Rule: no-takeover-permissions (CISA ScubaGear, risky permissions of applications, https://github.com/cisagov/ScubaGear/blob/main/PowerShell/ScubaGear/Modules/Permissions/RiskyAppPermissions.json).',
  ]);
  expect(await declaring("smtp.sendasapp")).toHaveLength(1);
  // Its app role assignment has the ID, and the violation.
  expect(await declaring("Mail.Send")).toEqual([]);
  expect(await declaring("b633e1c5-b582-4048-a93e-9f11b44c7e96")).toEqual([]);
  expect(await declaring("User.Read.All")).toEqual([]);
  expect(await declaring("Exchange.ManageAsApp")).toEqual([]);
});

test("a wide subject of a component is refused, whatever the component's own switch says", async () => {
  const type = azuread("ApplicationFederatedIdentityCredential");
  const [violation, ...others] = await azureadViolations(
    "ApplicationFederatedIdentityCredential",
    { subject: "repo:contoso/exchange:pull_request" },
    { urn: `urn:pulumi:contoso::exchange-auth::${componentType}$${type}::x` },
  );
  expect(others).toEqual([]);
  expect(violation).toContain(
    " The component's `allowWideSubject` does not change this rule: if the subject must stay, give this resource an exception by its name. Rule: federated-subject ",
  );
});

test("a subject that is wider than one branch or environment is refused", async () => {
  const subject = (text: string) =>
    azureadViolations("ApplicationFederatedIdentityCredential", { subject: text });
  const rest =
    'which is wider than one branch or environment. Name one environment, such as "repo:contoso/exchange:environment:production". Rule: federated-subject (GitHub on OpenID Connect, https://docs.github.com/actions/reference/security/oidc).';
  expect(await subject("repo:contoso/*:environment:production")).toEqual([
    `mandatory federated-subject: ApplicationFederatedIdentityCredential "x" trusts "repo:contoso/*:environment:production", ${rest}`,
  ]);
  expect(await subject("repo:contoso/exchange:pull_request")).toHaveLength(1);
  expect(await subject("repo:contoso/exchange:environment:production")).toEqual([]);
  expect(await subject("repo:contoso/exchange:ref:refs/heads/main")).toEqual([]);
  expect(await subject(unknownText)).toEqual([]);
  const claimsMatchingExpression = "claims['sub'] matches 'repo:contoso/*'";
  expect(
    await azureadViolations("ApplicationFlexibleFederatedIdentityCredential", { claimsMatchingExpression }),
  ).toEqual([
    `mandatory federated-subject: ApplicationFlexibleFederatedIdentityCredential "x" trusts "${claimsMatchingExpression}", ${rest}`,
  ]);
});

const inDays = (days: number): Date => new Date(Math.floor(Date.now() / 1000) * 1000 + days * 86_400_000);

test("a lifetime above the limit is refused, wherever it is declared", async () => {
  const rest = `more than 365. Give the certificate a shorter lifetime. Rule: certificate-lifetime (CISA MS.AAD.5.7, ${aad}#msaad57v1).`;
  const signed = (type: string, hours: number) =>
    pack.analyze({ type: tls(type), name: "x", properties: { validityPeriodHours: hours } });
  expect(await signed("SelfSignedCert", 365 * 24)).toEqual([]);
  expect(await signed("SelfSignedCert", 365 * 24 + 1)).toEqual([
    `mandatory certificate-lifetime: SelfSignedCert "x" is valid for 366 days, ${rest}`,
  ]);
  expect(await signed("LocallySignedCert", 730 * 24)).toEqual([
    `mandatory certificate-lifetime: LocallySignedCert "x" is valid for 730 days, ${rest}`,
  ]);
  // Of the certificate itself, not of what is left of it.
  const { certificatePem: old } = await makeCertificate(inDays(-700), inDays(30));
  const { certificatePem: young } = await makeCertificate(inDays(-1), inDays(364));
  const der = new X509Certificate(old).raw.toString("base64");
  const long = `mandatory certificate-lifetime: ApplicationCertificate "x" is valid for 730 days, ${rest}`;
  expect(await azureadViolations("ApplicationCertificate", { value: old })).toEqual([long]);
  expect(await azureadViolations("ApplicationCertificate", { value: der, encoding: "base64" })).toEqual([
    long,
  ]);
  expect(await azureadViolations("ServicePrincipalCertificate", { value: young })).toEqual([]);
  await pack.configure({ "certificate-lifetime": { days: 90 } });
  expect(await azureadViolations("ApplicationCertificate", { value: young })).toHaveLength(1);
  await pack.configure({});
});

const credential = (properties: Properties) => azureadViolations("ApplicationCertificate", properties);

test("of a certificate that is hidden or not known yet, the declared dates count", async () => {
  const hidden = { value: "[secret]" };
  const [from, to] = [inDays(0).toISOString(), inDays(400).toISOString()];
  expect(await credential({ ...hidden, startDate: from, endDate: to })).toHaveLength(1);
  expect(await credential({ ...hidden, endDate: to })).toHaveLength(1);
  expect(await credential({ value: unknownText, endDate: to })).toHaveLength(1);
  expect(await credential({ ...hidden, endDate: inDays(300).toISOString() })).toEqual([]);
  expect(await credential({ value: unknownText, endDate: unknownText })).toEqual([]);
  expect(await credential({ value: unknownText, endDateRelative: "8761h" })).toHaveLength(1);
  expect(await credential({ value: unknownText, endDateRelative: "8760h" })).toEqual([]);
  // A duration of Go's.
  expect(await credential({ value: unknownText, endDateRelative: "525601m" })).toHaveLength(1);
  expect(await credential({ value: unknownText, endDateRelative: "8759.5h30m1s" })).toHaveLength(1);
  expect(await credential({ value: unknownText, endDateRelative: "8759.5h30m" })).toEqual([]);
});

test("a short key is refused", async () => {
  const key = (properties: Properties) =>
    pack.analyze({ type: tls("PrivateKey"), name: "x", properties: { algorithm: "RSA", ...properties } });
  const rest =
    "Add a certificate with a stronger key, switch to it, and remove this one. Rule: key-size (NIST on key lengths, https://csrc.nist.gov/pubs/sp/800/131/a/r2/final).";
  expect(await key({ rsaBits: 1024 })).toEqual([
    `mandatory key-size: PrivateKey "x" has an RSA key of 1024 bits, fewer than 2048. ${rest}`,
  ]);
  expect(await key({ rsaBits: 2048 })).toEqual([]);
  expect(await key({})).toEqual([]);
  expect(await key({ algorithm: "ECDSA" })).toEqual([]);
  const { certificatePem } = await makeCertificate(inDays(-1), inDays(30), { modulusLength: 1024 });
  expect(await azureadViolations("ApplicationCertificate", { value: certificatePem })).toEqual([
    `mandatory key-size: ApplicationCertificate "x" has an RSA key of 1024 bits, fewer than 2048. ${rest}`,
  ]);
  await pack.configure({ "key-size": { rsaBits: 4096 } });
  expect(await key({ rsaBits: 3072 })).toHaveLength(1);
  expect(await key({})).toHaveLength(1);
  await pack.configure({});
});

test("a signature with SHA-1 is refused", async () => {
  const { certificatePem } = await makeCertificate(inDays(-1), inDays(30), { hash: "SHA-1" });
  expect(await azureadViolations("ApplicationCertificate", { value: certificatePem })).toEqual([
    'mandatory certificate-signature: ApplicationCertificate "x" is signed with SHA-1, which can be forged. Issue the certificate again with SHA-256, switch to it, and remove this one. Rule: certificate-signature (NIST on hash functions, https://csrc.nist.gov/pubs/sp/800/131/a/r2/final).',
  ]);
  const { certificatePem: good } = await makeCertificate();
  expect(await azureadViolations("ApplicationCertificate", { value: good })).toEqual([]);
});

test("a tenant that nothing names is refused, of azuread's resources and of the component", async () => {
  const type = azuread("Application");
  const rest =
    "Rule: tenant-pinned (Pulumi's azuread provider, tenantId, https://www.pulumi.com/registry/packages/azuread/installation-configuration/).";
  const application = { type, name: "x", properties: {} };
  expect(await pack.analyze({ ...application, provider: { version: "6.9.1" } })).toEqual([
    `mandatory tenant-pinned: Application "x" takes its tenant from the environment. Set \`azuread:tenantId\`, or \`tenantId\` of the provider, to the tenant's ID. ${rest}`,
  ]);
  expect(await pack.analyze({ ...application, provider: pinned })).toEqual([]);
  // Another resource can make the tenant.
  expect(await pack.analyze({ ...application, provider: { tenantId: unknownText } })).toEqual([]);
  // The component answers for its children.
  const child = `urn:pulumi:contoso::exchange-auth::${componentType}$${type}::x`;
  expect(await pack.analyze({ ...application, urn: child, provider: {} })).toEqual([]);
  // A name is not a type.
  const named = `urn:pulumi:contoso::exchange-auth::${type}::${componentType}$x`;
  expect(await pack.analyze({ ...application, urn: named, provider: {} })).toHaveLength(1);
  const component = { type: componentType, name: "exchange" };
  expect(await pack.analyze({ ...component, properties: { cloud: "global" } })).toEqual([
    `mandatory tenant-pinned: ExchangeAppOnlyAuth "exchange" does not say which tenant it is for. Set \`expectedTenantId\` to the tenant's ID. ${rest}`,
  ]);
  expect(await pack.analyze({ ...component, properties: { expectedTenantId: pinned.tenantId } })).toEqual([]);
});

test("a component gives a certificate that the stack declares, and that has not ended", async () => {
  const component = {
    type: componentType,
    name: "exchange",
    properties: { certificateThumbprintSha256: "AB" },
  };
  const generation = (sha256: string, notAfter: Date, parent = urnOf(component)): GivenResource => ({
    type: appCertificateType,
    name: `exchange-cert-${sha256}`,
    parent,
    properties: { certificateThumbprintSha256: sha256, certificateNotAfter: notAfter.toISOString() },
  });
  const rest =
    "Declare a generation that is valid: run `exo-auth rotate`. Rule: current-generation (Microsoft Graph, keyCredential, https://learn.microsoft.com/graph/api/resources/keycredential).";
  expect(
    await pack.analyzeStack(component, generation("AB", inDays(1)), generation("CD", inDays(-1))),
  ).toEqual([]);
  const undeclared = [
    `mandatory current-generation: ExchangeAppOnlyAuth "exchange" has the current certificate with SHA-256 AB, which no generation declares. ${rest}`,
  ];
  expect(await pack.analyzeStack(component, generation("CD", inDays(1)))).toEqual(undeclared);
  expect(await pack.analyzeStack(component, generation("AB", inDays(1), "urn:pulumi:another"))).toEqual(
    undeclared,
  );
  expect(await pack.analyzeStack(component, generation("AB", new Date("2026-01-02T03:04:05Z")))).toEqual([
    `mandatory current-generation: ExchangeAppOnlyAuth "exchange" has a current certificate that ended on 2026-01-02. ${rest}`,
  ]);
  const planned = { ...component, properties: { certificateThumbprintSha256: unknownText } };
  expect(await pack.analyzeStack(planned)).toEqual([]);
});

test("a private key in the state is refused only if the configuration says so", async () => {
  const key = { type: tls("PrivateKey"), name: "x", properties: { algorithm: "RSA" } };
  const certificate = { type: tls("SelfSignedCert"), name: "x", properties: { validityPeriodHours: 1 } };
  expect(await pack.analyze(key)).toEqual([]);
  await pack.configure({ "no-keys-in-state": {} });
  expect(await pack.analyze(key)).toEqual([
    'mandatory no-keys-in-state: PrivateKey "x" creates a private key, which stays in the state. Create the key where it is used, and give the certificate as `publicCertificate`. Rule: no-keys-in-state (Pulumi\'s tls package, PrivateKey, https://www.pulumi.com/registry/packages/tls/api-docs/privatekey/).',
  ]);
  expect(await pack.analyze(certificate)).toEqual([]);
  await pack.configure({});
});

test("a resource of a listed type must carry protect", async () => {
  const properties = { displayName: "x" };
  expect(await azureadViolations("Application", properties)).toEqual([]);
  await pack.configure({ "protected-resources": { types: [azuread("Application")] } });
  expect(await azureadViolations("Application", properties)).toEqual([
    'mandatory protected-resources: Application "x" does not carry `protect`. Set the option `protect` to true. Rule: protected-resources (Pulumi\'s option protect, https://www.pulumi.com/docs/iac/concepts/resources/options/protect/).',
  ]);
  expect(await azureadViolations("Application", properties, { protect: true })).toEqual([]);
  expect(await azureadViolations("ServicePrincipal", properties)).toEqual([]);
  await pack.configure({});
});

test("everything is said at once, of resources that have several problems", async () => {
  const { certificatePem } = await makeCertificate(inDays(-1), inDays(400), {
    hash: "SHA-1",
    modulusLength: 1024,
  });
  const found = await pack.analyze({
    type: azuread("ApplicationCertificate"),
    name: "x",
    properties: { value: certificatePem },
    provider: {},
  });
  expect(found.map((violation) => violation.slice(0, violation.indexOf(":")))).toEqual([
    "mandatory certificate-lifetime",
    "mandatory certificate-signature",
    "mandatory key-size",
    "mandatory tenant-pinned",
  ]);
});

test("what somebody named to act in a terminal is shown, and does nothing", async () => {
  const [violation = ""] = await pack.analyze({
    type: azuread("ApplicationPassword"),
    name: "x\u001B[2J\u202E",
    properties: {},
    provider: pinned,
  });
  expect(violation).toContain(String.raw`ApplicationPassword "x\u{1b}[2J\u{202e}" is a client secret.`);
});

test("resources of other plugins are accepted", async () => {
  expect(
    await pack.analyze({ type: "random:index/randomPassword:RandomPassword", name: "x", properties: {} }),
  ).toEqual([]);
});

test("Pulumi is told each rule with its level, its source and what can be configured", async () => {
  const told = (await pack.info()).getPoliciesList().map((policy) => ({
    name: policy.getName(),
    description: policy.getDescription(),
    level: policy.getEnforcementlevel(),
    url: policy.getUrl(),
    settings: Object.keys(policy.getConfigschema()?.getProperties()?.toJavaScript() ?? {}).toSorted(),
  }));
  const levels = { mandatory: 1, disabled: 2 };
  expect(told).toEqual(
    rules.map(({ name, description, level, source, settings }) => ({
      name,
      description,
      level: levels[level],
      url: source.url,
      settings: ["exceptions", ...Object.keys(settings ?? {})].toSorted(),
    })),
  );
});
