import { describe, expect, it } from "vitest";

import { resolveArguments } from "../../../components/arguments/resolveArguments.ts";

const graph = "00000003-0000-0000-c000-000000000000";
const own = "0d3a1b7e-5a0c-4c0e-8d5f-2f1c6b9a7e11";
const protection = "00000007-0000-0ff1-ce00-000000000000";
const manageAsApp = "455e5cd2-84e8-4751-8344-5672145dfa17";

/** Without Security & Compliance, so that one permission is granted anyway. */
function resolve(apiPermissions: unknown) {
  const { settings, problems } = resolveArguments({ apiPermissions, securityAndCompliance: false } as object);
  return { added: settings.permissions.slice(1), problems };
}

it("none are added by default", () => {
  expect(resolve(undefined)).toEqual({ added: [], problems: [] });
});

it("a resource is a name in any case, or a client ID in any case", () => {
  const apiPermissions = [
    { resource: "microsoftgraph", permission: " User.Read.All " },
    { resource: own.toUpperCase(), permission: "User.Read.All" },
  ];
  expect(resolve(apiPermissions)).toEqual({
    added: [
      { resourceAppId: graph, permission: "User.Read.All" },
      { resourceAppId: own, permission: "User.Read.All" },
    ],
    problems: [],
  });
});

describe("Exchange.ManageAsApp", () => {
  it("of a resource where it is not granted anyway is added", () => {
    expect(resolve([{ resource: protection, permission: manageAsApp }])).toEqual({
      added: [{ resourceAppId: protection, permission: manageAsApp }],
      problems: [],
    });
  });

  it("is one permission by value and by id", () => {
    const { problems } = resolve([
      { resource: protection, permission: "Exchange.ManageAsApp" },
      { resource: protection, permission: manageAsApp },
    ]);
    expect(problems).toEqual([
      "`apiPermissions[1]` repeats the permission of `apiPermissions[0]`. Remove one.",
    ]);
  });

  it("another permission of the same resource is added", () => {
    expect(resolve([{ resource: "Office365ExchangeOnline", permission: "full_access_as_app" }])).toEqual({
      added: [{ resourceAppId: "00000002-0000-0ff1-ce00-000000000000", permission: "full_access_as_app" }],
      problems: [],
    });
  });
});

it("all that is wrong is told at once, and what is right is kept", () => {
  const { added, problems } = resolve([
    7,
    { resource: "MicrosoftGraph", permission: "User.Read.All", days: 7 },
    { resource: 7, permission: 7 },
    { resource: "Mars", permission: " " },
    { resource: "Mars", permission: "Mail.Read" },
    { resource: "Mars", permission: "Mail.Read" },
    { resource: "MicrosoftGraph", permission: "Mail.Read" },
    7,
  ]);
  const names =
    '"MicrosoftGraph", "Office365ExchangeOnline", "Office365ExchangeOnlineProtection", "Office365Management", "Office365SharePointOnline", "OneNote", "SkypeForBusinessOnline", "WindowsDefenderAtp", "Yammer"';
  expect(problems).toEqual([
    '`apiPermissions[0]` must be an object, got 7. Give { resource: "MicrosoftGraph", permission: "User.Read.All" }.',
    '`apiPermissions[1].days` is not an argument. Use one of "resource", "permission".',
    `\`apiPermissions[2].resource\` must be a well-known resource or a client ID, got 7. Use one of ${names}.`,
    '`apiPermissions[2].permission` must be a text, got 7. Give a value such as "User.Read.All", or the app role\'s ID.',
    `\`apiPermissions[3].resource\` must be a well-known resource or a client ID, got "Mars". Use one of ${names}.`,
    '`apiPermissions[3].permission` must be a text, got " ". Give a value such as "User.Read.All", or the app role\'s ID.',
    `\`apiPermissions[4].resource\` must be a well-known resource or a client ID, got "Mars". Use one of ${names}.`,
    `\`apiPermissions[5].resource\` must be a well-known resource or a client ID, got "Mars". Use one of ${names}.`,
    '`apiPermissions[7]` must be an object, got 7. Give { resource: "MicrosoftGraph", permission: "User.Read.All" }.',
  ]);
  expect(added).toEqual([
    { resourceAppId: graph, permission: "User.Read.All" },
    { resourceAppId: graph, permission: "Mail.Read" },
  ]);
});

it("must be a list", () => {
  expect(resolve({})).toEqual({
    added: [],
    problems: ["`apiPermissions` must be a list, got {}. Give [{ resource, permission }], or leave it out."],
  });
});
