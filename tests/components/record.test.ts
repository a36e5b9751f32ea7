import { expect, test } from "vitest";

import { resolveArguments } from "../../components/arguments/resolveArguments.ts";
import { recordOf } from "../../components/record.ts";

const id = "0d3a1b7e-5a0c-4c0e-8d5f-2f1c6b9a7e11";
const permissions = [
  { resourceAppId: "00000002-0000-0ff1-ce00-000000000000", permission: "Exchange.ManageAsApp" },
];
const declared = {
  cloud: "global",
  permissions,
  roleTemplateIds: ["29232cdf-9323-42fd-ade2-1d097af3e4de"],
  userRoles: [],
};

test("says what is declared of an application that is created", () => {
  expect(recordOf(resolveArguments({}).settings)).toStrictEqual({
    ...declared,
    signInAudience: "AzureADMyOrg",
    owners: [],
  });
  const { settings } = resolveArguments({
    owners: [id],
    userRoleAssignments: [{ userPrincipalName: "reports@contoso.com", role: "Global Reader" }],
  });
  expect(recordOf(settings)).toEqual({
    ...declared,
    signInAudience: "AzureADMyOrg",
    owners: [id],
    userRoles: [
      {
        userPrincipalName: "reports@contoso.com",
        roleTemplateId: "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
      },
    ],
  });
});

test("says whose tokens are trusted, where any are", () => {
  const job = { name: "job", issuer: "https://issuer.example", subject: "job" };
  expect(recordOf(resolveArguments({ federatedCredentials: [job] }).settings)).toEqual({
    ...declared,
    signInAudience: "AzureADMyOrg",
    owners: [],
    federatedCredentials: [{ ...job, audience: "api://AzureADTokenExchange" }],
  });
});

test("says nothing of who owns an application that exists already, or may sign in to it", () => {
  expect(recordOf(resolveArguments({ existingClientId: id }).settings)).toEqual({
    ...declared,
    existingClientId: id,
  });
});

test("says which tenant is expected, for policies", () => {
  expect(recordOf(resolveArguments({ expectedTenantId: id }).settings)).toEqual({
    ...declared,
    expectedTenantId: id,
    signInAudience: "AzureADMyOrg",
    owners: [],
  });
});
