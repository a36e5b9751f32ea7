import { describe, expect, expectTypeOf, it } from "vitest";

import type { argumentKeys } from "../../../components/arguments/argumentKeys.ts";
import { resolveArguments } from "../../../components/arguments/resolveArguments.ts";
import type {
  ApiPermission,
  AzurePipelinesConnection,
  Certificate,
  CertificateGeneration,
  ExchangeAppOnlyAuthArgs,
  FederatedCredential,
  GitHubJob,
  GitLabJob,
  KubernetesPod,
  UserRoleAssignment,
} from "../../../components/index.ts";

it("has every key of every object, and no other", () => {
  type Keys = typeof argumentKeys;
  expectTypeOf<Keys[""][number]>().toEqualTypeOf<keyof ExchangeAppOnlyAuthArgs>();
  expectTypeOf<Keys["apiPermissions[]."][number]>().toEqualTypeOf<keyof ApiPermission>();
  expectTypeOf<Keys["userRoleAssignments[]."][number]>().toEqualTypeOf<keyof UserRoleAssignment>();
  expectTypeOf<Keys["certificate."][number]>().toEqualTypeOf<keyof Certificate>();
  expectTypeOf<Keys["certificate.generations[]."][number]>().toEqualTypeOf<keyof CertificateGeneration>();
  expectTypeOf<Keys["federatedCredentials[]."][number]>().toEqualTypeOf<keyof FederatedCredential>();
  expectTypeOf<Keys["federatedCredentials[].github."][number]>().toEqualTypeOf<keyof GitHubJob>();
  expectTypeOf<Keys["federatedCredentials[].azurePipelines."][number]>().toEqualTypeOf<
    keyof AzurePipelinesConnection
  >();
  expectTypeOf<Keys["federatedCredentials[].gitlab."][number]>().toEqualTypeOf<keyof GitLabJob>();
  expectTypeOf<Keys["federatedCredentials[].kubernetes."][number]>().toEqualTypeOf<keyof KubernetesPod>();
});

describe("an unknown key", () => {
  it.each<[object, string]>([
    [
      { validityDays: 7 },
      `\`validityDays\` is not an argument. Did you mean "certificate.validityDays"? Remove it with \`pulumi config rm 'validityDays'\`, and set it with \`pulumi config set --path 'certificate.validityDays' VALUE\`.`,
    ],
    [
      { validitydays: 7 },
      `\`validitydays\` is not an argument. Did you mean "certificate.validityDays"? Remove it with \`pulumi config rm 'validitydays'\`, and set it with \`pulumi config set --path 'certificate.validityDays' VALUE\`.`,
    ],
    [
      { validityDay: 7 },
      `\`validityDay\` is not an argument. Did you mean "certificate.validityDays"? Remove it with \`pulumi config rm 'validityDay'\`, and set it with \`pulumi config set --path 'certificate.validityDays' VALUE\`.`,
    ],
    [
      { publicCertificate: "x" },
      `\`publicCertificate\` is not an argument. Did you mean "certificate.generations[].publicCertificate"? Remove it with \`pulumi config rm 'publicCertificate'\`, and set it with \`pulumi config set --path 'certificate.generations[0].publicCertificate' VALUE\`.`,
    ],
    [
      { permission: "x" },
      `\`permission\` is not an argument. Did you mean "apiPermissions[].permission"? Remove it with \`pulumi config rm 'permission'\`, and set it with \`pulumi config set --path 'apiPermissions[0].permission' VALUE\`.`,
    ],
    [{ certificate: { roles: [] } }, '`certificate.roles` is not an argument. Did you mean "roles"?'],
    [
      { certificate: { generations: [{ name: "1", validityDays: 7 }] } },
      '`certificate.generations[0].validityDays` is not an argument. Did you mean "certificate.validityDays"?',
    ],
    [
      {
        certificate: {
          generations: Array.from({ length: 11 }, (_, at) => ({
            name: `${at}`,
            ...(at > 9 && { roles: 7 }),
          })),
        },
      },
      '`certificate.generations[10].roles` is not an argument. Did you mean "roles"?',
    ],
    [
      { certificate: { "generations[0].name": "1" } },
      '`certificate.generations[0].name` is not an argument. Use one of "generations", "validityDays", "rsaBits", "commonName", "pfxEncoding".',
    ],
    [
      { "my.certificate.name": 7 },
      '`my.certificate.name` is not an argument. Use one of "displayName", "notes", "tags", "owners", "roles", "allowGlobalAdministrator", "timedRoles", "exchangeRoleGroups", "exchangeRoles", "complianceRoleGroups", "apiPermissions", "securityAndCompliance", "userRoleAssignments", "certificate", "federatedCredentials", "existingClientId", "cloud", "expectedTenantId".',
    ],
    [
      { "my-certificate.name": 7 },
      '`my-certificate.name` is not an argument. Use one of "displayName", "notes", "tags", "owners", "roles", "allowGlobalAdministrator", "timedRoles", "exchangeRoleGroups", "exchangeRoles", "complianceRoleGroups", "apiPermissions", "securityAndCompliance", "userRoleAssignments", "certificate", "federatedCredentials", "existingClientId", "cloud", "expectedTenantId".',
    ],
    [
      { rsaBit: 7 },
      `\`rsaBit\` is not an argument. Did you mean "certificate.rsaBits"? Remove it with \`pulumi config rm 'rsaBit'\`, and set it with \`pulumi config set --path 'certificate.rsaBits' VALUE\`.`,
    ],
    [
      { exchangeRoles: [{ role: "Mail Recipients", roles: "x" }] },
      '`exchangeRoles[0].roles` is not an argument. Did you mean "role"?',
    ],
    [
      { userRoleAssignments: [{ userPrincipalName: "a@contoso.com", role: "Global Reader", Roles: "x" }] },
      '`userRoleAssignments[0].Roles` is not an argument. Did you mean "role"?',
    ],
    [
      { isuer: 7 },
      '`isuer` is not an argument. Use one of "displayName", "notes", "tags", "owners", "roles", "allowGlobalAdministrator", "timedRoles", "exchangeRoleGroups", "exchangeRoles", "complianceRoleGroups", "apiPermissions", "securityAndCompliance", "userRoleAssignments", "certificate", "federatedCredentials", "existingClientId", "cloud", "expectedTenantId".',
    ],
    [
      { "certificate.validityDays": 180 },
      "`certificate.validityDays` is a part of `certificate`, but was set as a key of its own. Remove it with `pulumi config rm 'certificate.validityDays'`, and set it with `pulumi config set --path 'certificate.validityDays' VALUE`.",
    ],
    [
      { "roles[0]": "Global Reader" },
      "`roles[0]` is a part of `roles`, but was set as a key of its own. Remove it with `pulumi config rm 'roles[0]'`, and set it with `pulumi config set --path 'roles[0]' VALUE`.",
    ],
    [
      { flavour: 7 },
      '`flavour` is not an argument. Use one of "displayName", "notes", "tags", "owners", "roles", "allowGlobalAdministrator", "timedRoles", "exchangeRoleGroups", "exchangeRoles", "complianceRoleGroups", "apiPermissions", "securityAndCompliance", "userRoleAssignments", "certificate", "federatedCredentials", "existingClientId", "cloud", "expectedTenantId".',
    ],
  ])("%j", (args, text) => {
    expect(resolveArguments(args).problems).toEqual([text]);
  });
});
