import { describe, expect, it } from "vitest";

import { resolveArguments } from "../../../components/arguments/resolveArguments.ts";

const readerId = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";
const user = "reports@contoso.com";

function problemsOf(args: object): readonly string[] {
  return resolveArguments(args).problems;
}

describe("roles", () => {
  it.each<[string, object, readonly string[]]>([
    ["the default", {}, ["Exchange Administrator"]],
    ["null, as from a configuration", { roles: null }, ["Exchange Administrator"]],
    ["none", { roles: [] }, []],
    [
      "any case, or the id",
      { roles: [" global reader ", "29232cdf-9323-42fd-ade2-1d097af3e4de"] },
      ["Global Reader", "Exchange Administrator"],
    ],
    [
      "Global Administrator where it is allowed",
      { roles: ["Global Administrator"], allowGlobalAdministrator: true },
      ["Global Administrator"],
    ],
  ])("%s", (_, args, names) => {
    const { settings, problems } = resolveArguments(args);
    expect([settings.roles.map(({ displayName }) => displayName), problems]).toEqual([names, []]);
  });

  it("all that is wrong is told at once, and what is right is kept", () => {
    const { settings, problems } = resolveArguments(
      JSON.parse('{"roles":[7," Company Administrator ","Global Reader",7]}') as object,
    );
    const names =
      '"Compliance Administrator", "Exchange Administrator", "Exchange Recipient Administrator", "Global Reader", "Helpdesk Administrator", "Security Administrator", "Security Reader"';
    expect(problems).toEqual([
      `\`roles[0]\` must be a role that app-only authentication supports, got 7. Use one of ${names}.`,
      '`roles[1]` must be a role that app-only authentication supports, got " Company Administrator ". Did you mean "Global Administrator"?',
      `\`roles[3]\` must be a role that app-only authentication supports, got 7. Use one of ${names}.`,
    ]);
    expect(settings.roles.map(({ displayName }) => displayName)).toEqual(["Global Reader"]);
  });

  it("Global Administrator is never proposed for a name that is like it", () => {
    const { problems } = resolveArguments({ roles: ["User Administrator"] });
    expect(problems).toEqual([
      '`roles[0]` must be a role that app-only authentication supports, got "User Administrator". Did you mean "Security Administrator"?',
    ]);
  });

  it("a list that is none gives no role", () => {
    expect(resolveArguments(JSON.parse('{"roles":"Global Reader"}') as object).settings.roles).toEqual([]);
  });
});

describe("roles of users", () => {
  it("are found by name or id", () => {
    const { settings, problems } = resolveArguments({
      userRoleAssignments: [
        { userPrincipalName: user, role: readerId },
        { userPrincipalName: "a.b@mail.contoso.co.uk", role: "reports reader" },
      ],
    });
    expect(problems).toEqual([]);
    expect(settings.userRoleAssignments).toEqual([
      { userPrincipalName: user, role: { displayName: "Global Reader", templateId: readerId } },
      {
        userPrincipalName: "a.b@mail.contoso.co.uk",
        role: { displayName: "Reports Reader", templateId: "4a5d8f65-41da-4de4-8968-e035b65339cf" },
      },
    ]);
    expect(resolveArguments({}).settings.userRoleAssignments).toEqual([]);
  });

  it("one user may hold two roles, and one role may be held by two users", () => {
    const userRoleAssignments = [
      { userPrincipalName: user, role: "Global Reader" },
      { userPrincipalName: user, role: "Reports Reader" },
      { userPrincipalName: "other@contoso.com", role: "Global Reader" },
    ];
    expect(problemsOf({ userRoleAssignments })).toEqual([]);
  });

  it.each([
    "a b@contoso.com",
    "a@b@contoso.com",
    "@contoso.com",
    "reports@contoso",
    "reports@.com",
    "reports@contoso.",
    "reports@contoso.com x",
    "reports@con toso.com",
    "reports@contoso.c om",
    7,
  ])("%j is not a user principal name", (userPrincipalName) => {
    expect(problemsOf({ userRoleAssignments: [{ userPrincipalName, role: "Global Reader" }] })).toEqual([
      `\`userRoleAssignments[0].userPrincipalName\` must be a user principal name, got ${JSON.stringify(userPrincipalName)}. Give one such as "reports@contoso.com".`,
    ]);
  });

  it("Global Administrator is for users too only where it is allowed", () => {
    const userRoleAssignments = [{ userPrincipalName: user, role: "Global Administrator" }];
    expect(problemsOf({ userRoleAssignments, allowGlobalAdministrator: true })).toEqual([]);
  });

  it("all that is wrong is told at once, and what is right is kept", () => {
    const { settings, problems } = resolveArguments(
      JSON.parse(
        `{"userRoleAssignments":["x",{"userPrincipalName":"${user}","role":"Global Reader","days":7},{"userPrincipalName":"y","role":7},"x"]}`,
      ) as object,
    );
    expect(problems).toHaveLength(5);
    expect(problems.slice(0, 3)).toEqual([
      '`userRoleAssignments[0]` must be an object, got "x". Give { userPrincipalName, role }.',
      '`userRoleAssignments[1].days` is not an argument. Use one of "userPrincipalName", "role".',
      '`userRoleAssignments[2].userPrincipalName` must be a user principal name, got "y". Give one such as "reports@contoso.com".',
    ]);
    expect(problems[3]).toMatch(
      /^`userRoleAssignments\[2\]\.role` must be a built-in role of Entra, got 7\. /,
    );
    expect(problems[4]).toBe(
      '`userRoleAssignments[3]` must be an object, got "x". Give { userPrincipalName, role }.',
    );
    expect(settings.userRoleAssignments.map(({ userPrincipalName }) => userPrincipalName)).toEqual([user]);
  });

  it("must be a list", () => {
    expect(problemsOf({ userRoleAssignments: user })).toEqual([
      `\`userRoleAssignments\` must be a list, got "${user}". Give [{ userPrincipalName, role }], or leave it out.`,
    ]);
  });
});

it.each([
  ["allowGlobalAdministrator", false],
  ["securityAndCompliance", true],
])("a switch that is neither on nor off: %s", (key, byDefault) => {
  expect(problemsOf({ [key]: null })).toEqual([
    `\`${key}\` must be true or false, got null. Leave it out to use ${byDefault}.`,
  ]);
});
