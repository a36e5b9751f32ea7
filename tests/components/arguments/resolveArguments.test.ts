import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { resolveArguments } from "../../../components/arguments/resolveArguments.ts";

/** What a JavaScript program or a configuration file may pass, whatever the types say. */
function problemsOf(args: object): readonly string[] {
  return resolveArguments(args).problems;
}

/** Every role but Global Administrator, which nobody is led to. */
const roleNames =
  '"Compliance Administrator", "Exchange Administrator", "Exchange Recipient Administrator", "Global Reader", "Helpdesk Administrator", "Security Administrator", "Security Reader"';

describe("fails with exactly this text", () => {
  it.each<[object, string]>([
    [
      { displayName: "" },
      '`displayName` must be a text of 1 to 256 characters, got "". Leave it out to use "Exchange Online automation".',
    ],
    [
      { displayName: "  " },
      '`displayName` must be a text of 1 to 256 characters, got "  ". Leave it out to use "Exchange Online automation".',
    ],
    [
      { displayName: "x".repeat(257) },
      '`displayName` must be a text of 1 to 256 characters, got 257. Leave it out to use "Exchange Online automation".',
    ],
    [
      { roles: ["Exchange Adminstrator"] },
      '`roles[0]` must be a role that app-only authentication supports, got "Exchange Adminstrator". Did you mean "Exchange Administrator"?',
    ],
    [
      { roles: ["Exchange Service Administrator"] },
      '`roles[0]` must be a role that app-only authentication supports, got "Exchange Service Administrator". Did you mean "Exchange Administrator"?',
    ],
    [
      { roles: ["Teams"] },
      `\`roles[0]\` must be a role that app-only authentication supports, got "Teams". Use one of ${roleNames}.`,
    ],
    [
      { roles: "Global Reader" },
      '`roles` must be a list, got "Global Reader". Give ["Exchange Administrator"], or leave it out.',
    ],
    [
      { roles: ["Global Reader", "f2ef992c-3afb-46b9-b7cf-a126ee74c451"] },
      "`roles[1]` repeats the role of `roles[0]`. Remove one.",
    ],
    [
      { roles: ["Global Administrator"] },
      '`roles[0]` is "Global Administrator", which Microsoft advises against. Choose a narrower role, or set `allowGlobalAdministrator` to true.',
    ],
    [
      { allowGlobalAdministrator: "yes" },
      '`allowGlobalAdministrator` must be true or false, got "yes". Leave it out to use false.',
    ],
    [
      { certificate: 7 },
      "`certificate` must be an object, got 7. Give { validityDays, rsaBits, … }, or leave it out.",
    ],
    ...[0, -1, 1.5, 731, "364"].map((value): [object, string] => [
      { certificate: { validityDays: value } },
      `\`certificate.validityDays\` must be a whole number of days from 1 to 730, got ${JSON.stringify(value)}. Leave it out to use 364.`,
    ]),
    ...[1024, 2049, "2048"].map((value): [object, string] => [
      { certificate: { rsaBits: value } },
      `\`certificate.rsaBits\` must be 2048, 3072 or 4096, got ${JSON.stringify(value)}. Leave it out to use 2048.`,
    ]),
    [
      { certificate: { commonName: "" } },
      '`certificate.commonName` must have 1 to 64 characters, got "". Leave it out to use the display name.',
    ],
    [
      { certificate: { generations: [] } },
      '`certificate.generations` must list at least one generation, because the application has no `federatedCredentials`, got []. Give [{ name: "1" }], or leave it out.',
    ],
    ...["", "a b", "a::b", "-1", "x".repeat(41), undefined].map((name): [object, string] => [
      { certificate: { generations: [{ name }] } },
      `\`certificate.generations[0].name\` must have 1 to 40 letters, digits, ".", "_" or "-", and begin with a letter or digit, got ${JSON.stringify(name)}. Give a name such as "1".`,
    ]),
    [
      { certificate: { generations: [{ name: "a" }, { name: "A" }] } },
      "`certificate.generations[1]` repeats the name of `certificate.generations[0]`. Remove one.",
    ],
    [
      { certificate: { validityDay: 7 } },
      '`certificate.validityDay` is not an argument. Did you mean "validityDays"?',
    ],
    [
      { certificate: { generations: [{ name: "1", days: 7 }] } },
      '`certificate.generations[0].days` is not an argument. Use one of "name", "publicCertificate", "acceptedSha256".',
    ],
    [
      { cloud: "usGovernment" },
      '`cloud` must be a Microsoft cloud, got "usGovernment". Did you mean "usGovernmentHigh" or "usGovernmentDod"?',
    ],
    [
      { cloud: "mars" },
      '`cloud` must be a Microsoft cloud, got "mars". Use one of "global", "usGovernmentHigh", "usGovernmentDod", "china".',
    ],
    [
      { expectedTenantId: "contoso.onmicrosoft.com" },
      '`expectedTenantId` must be a GUID, got "contoso.onmicrosoft.com". Give the value that Entra\'s overview page shows as "Tenant ID".',
    ],
    [{ notes: "x".repeat(1025) }, "`notes` must be a text of at most 1024 characters, got 1025. Shorten it."],
    [{ notes: 7 }, "`notes` must be a text of at most 1024 characters, got 7. Shorten it."],
    [{ tags: "a" }, '`tags` must be a list, got "a". Give a list of texts, or leave it out.'],
    [{ tags: [" "] }, '`tags[0]` must be a text, got " ". Give one such as "automation".'],
    [{ tags: ["a", "a"] }, "`tags[1]` repeats the value of `tags[0]`. Remove one."],
    [
      { owners: ["admin@contoso.com"] },
      '`owners[0]` must be an object ID, got "admin@contoso.com". Give the GUID of a user or service principal, as Entra shows it.',
    ],
    [
      { apiPermissions: {} },
      "`apiPermissions` must be a list, got {}. Give [{ resource, permission }], or leave it out.",
    ],
    [
      { apiPermissions: ["User.Read.All"] },
      '`apiPermissions[0]` must be an object, got "User.Read.All". Give { resource: "MicrosoftGraph", permission: "User.Read.All" }.',
    ],
    [
      { apiPermissions: [{ resource: "MicrosoftGrap", permission: "User.Read.All" }] },
      '`apiPermissions[0].resource` must be a well-known resource or a client ID, got "MicrosoftGrap". Did you mean "MicrosoftGraph"?',
    ],
    [
      { apiPermissions: [{ resource: "MicrosoftGraph", permission: "" }] },
      '`apiPermissions[0].permission` must be a text, got "". Give a value such as "User.Read.All", or the app role\'s ID.',
    ],
    [
      {
        apiPermissions: [
          { resource: "MicrosoftGraph", permission: "User.Read.All" },
          { resource: "00000003-0000-0000-c000-000000000000", permission: "user.read.all" },
        ],
      },
      "`apiPermissions[1]` repeats the permission of `apiPermissions[0]`. Remove one.",
    ],
    [
      { apiPermissions: [{ resource: "Office365ExchangeOnline", permission: "Exchange.ManageAsApp" }] },
      "`apiPermissions[0]` is Exchange.ManageAsApp, which every component grants. Remove it.",
    ],
    [
      {
        apiPermissions: [
          { resource: "Office365ExchangeOnline", permission: "dc50a0fb-09a3-484d-be87-e023b12c6440" },
        ],
      },
      "`apiPermissions[0]` is Exchange.ManageAsApp, which every component grants. Remove it.",
    ],
    [
      { userRoleAssignments: [{ userPrincipalName: "reports", role: "Global Reader" }] },
      '`userRoleAssignments[0].userPrincipalName` must be a user principal name, got "reports". Give one such as "reports@contoso.com".',
    ],
    [
      { userRoleAssignments: [{ userPrincipalName: "reports@contoso.com", role: "Report Reader" }] },
      '`userRoleAssignments[0].role` must be a built-in role of Entra, got "Report Reader". Did you mean "Reports Reader"?',
    ],
    [
      { userRoleAssignments: [{ userPrincipalName: "reports@contoso.com", role: "Global Administrator" }] },
      '`userRoleAssignments[0].role` is "Global Administrator", which Microsoft advises against. Choose a narrower role, or set `allowGlobalAdministrator` to true.',
    ],
    [
      {
        userRoleAssignments: [
          { userPrincipalName: "reports@contoso.com", role: "Global Reader" },
          { userPrincipalName: "Reports@contoso.com", role: "f2ef992c-3afb-46b9-b7cf-a126ee74c451" },
        ],
      },
      "`userRoleAssignments[1]` repeats the user and role of `userRoleAssignments[0]`. Remove one.",
    ],
    [
      { certificate: { pfxEncoding: "aes" } },
      '`certificate.pfxEncoding` must be an encoding of a PFX, got "aes". Use one of "compatible", "modern".',
    ],
    [
      { existingClientId: "mail jobs" },
      '`existingClientId` must be a GUID, got "mail jobs". Give the value that the application\'s page in Entra shows as "Application (client) ID".',
    ],
    [
      { existingClientId: "0d3a1b7e-5a0c-4c0e-8d5f-2f1c6b9a7e11", notes: "x" },
      "`notes` cannot be set on an existing application (`existingClientId`). Remove one of the two.",
    ],
    [{ role: ["Global Reader"] }, '`role` is not an argument. Did you mean "roles"?'],
  ])("%j", (args, text) => {
    expect(problemsOf(args)).toEqual([text]);
  });

  it("never shows key material", () => {
    const key = "-----BEGIN PRIVATE KEY-----\nMIIEvQ";
    expect(problemsOf({ certificate: { generations: [{ name: key }] } })).toEqual([
      '`certificate.generations[0].name` must have 1 to 40 letters, digits, ".", "_" or "-", and begin with a letter or digit, got a private key (not shown). Give a name such as "1".',
    ]);
  });
});

it("lets values pass that are not known yet", () => {
  expect(problemsOf({ displayName: pulumi.output(""), expectedTenantId: Promise.resolve("x") })).toEqual([]);
});

it("takes a generation's name that YAML reads as a number", () => {
  const { settings, problems } = resolveArguments(
    JSON.parse('{"certificate":{"generations":[{"name":2}]}}') as object,
  );
  expect(problems).toEqual([]);
  expect(settings.certificate.generations).toEqual([{ name: "2" }]);
});

describe("for any input", () => {
  const anything = fc.anything({ withNullPrototype: false });

  it("the check ends in settings and sentences, never in an exception", () => {
    fc.assert(
      fc.property(
        fc.record(
          {
            displayName: anything,
            roles: fc.oneof(anything, fc.array(anything)),
            allowGlobalAdministrator: anything,
            securityAndCompliance: anything,
            certificate: fc.oneof(
              anything,
              fc.record({
                generations: fc.array(anything),
                validityDays: anything,
                rsaBits: anything,
                commonName: anything,
              }),
            ),
            notes: anything,
            tags: fc.oneof(anything, fc.array(anything)),
            owners: fc.oneof(anything, fc.array(anything)),
            apiPermissions: fc.oneof(
              anything,
              fc.array(fc.oneof(anything, fc.record({ resource: anything, permission: anything }))),
            ),
            timedRoles: fc.oneof(
              anything,
              fc.array(fc.oneof(anything, fc.record({ role: anything, until: anything }))),
            ),
            exchangeRoleGroups: fc.oneof(anything, fc.array(anything)),
            exchangeRoles: fc.oneof(
              anything,
              fc.array(
                fc.oneof(
                  anything,
                  fc.record({ role: anything, recipientFilter: anything, administrativeUnit: anything }),
                ),
              ),
            ),
            complianceRoleGroups: fc.oneof(anything, fc.array(anything)),
            userRoleAssignments: fc.oneof(
              anything,
              fc.array(fc.oneof(anything, fc.record({ userPrincipalName: anything, role: anything }))),
            ),
            existingClientId: anything,
            cloud: anything,
            expectedTenantId: anything,
          },
          { requiredKeys: [] },
        ),
        (args) => {
          for (const problem of problemsOf(args)) expect(problem).toMatch(/^`.+` .*[.?]$/s);
        },
      ),
    );
  });

  it("a lifetime is accepted exactly where it is a whole number from 1 to 730", () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer({ min: -10, max: 1000 }), fc.double()), (validityDays) => {
        const accepted = Number.isInteger(validityDays) && validityDays >= 1 && validityDays <= 730;
        expect(problemsOf({ certificate: { validityDays } })).toHaveLength(accepted ? 0 : 1);
      }),
    );
  });
});

describe("an application that exists already", () => {
  const existingClientId = "0d3a1b7e-5a0c-4c0e-8d5f-2f1c6b9a7e11";

  it.each([
    ["displayName", "Mail jobs"],
    ["notes", "x"],
    ["tags", ["automation"]],
    ["owners", ["7d3a1b7e-5a0c-4c0e-8d5f-2f1c6b9a7e11"]],
  ])("`%s` cannot be set beside existingClientId", (key, value) => {
    expect(resolveArguments({ existingClientId, [key]: value }).problems).toEqual([
      `\`${key}\` cannot be set on an existing application (\`existingClientId\`). Remove one of the two.`,
    ]);
  });

  it("takes a client ID, and has none by default", () => {
    const { settings, problems } = resolveArguments({ existingClientId });
    expect([settings.existingClientId, problems]).toEqual([existingClientId, []]);
    expect(resolveArguments({}).settings.existingClientId).toBeUndefined();
  });

  it("a client ID that is no text gives none", () => {
    const { settings, problems } = resolveArguments(JSON.parse('{"existingClientId":7}') as object);
    expect(settings.existingClientId).toBeUndefined();
    expect(problems).toEqual([
      '`existingClientId` must be a GUID, got 7. Give the value that the application\'s page in Entra shows as "Application (client) ID".',
    ]);
  });
});
