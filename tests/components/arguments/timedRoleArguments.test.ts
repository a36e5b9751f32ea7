import { expect, it } from "vitest";

import { resolveArguments } from "../../../components/arguments/resolveArguments.ts";
import { recordOf } from "../../../components/record.ts";

function problemsOf(args: unknown): readonly string[] {
  return resolveArguments(JSON.parse(JSON.stringify(args)) as object).problems;
}

it("are found by name or id, and their ends are written in UTC", () => {
  const { settings, problems } = resolveArguments({
    timedRoles: [
      { role: "exchange administrator", until: "2027-01-31" },
      { role: "f2ef992c-3afb-46b9-b7cf-a126ee74c451", until: "2027-01-31T18:00+01:00" },
      { role: "Security Reader", until: "2020-02-29T23:59:59Z" },
      // As Pulumi gives what a settings file has without quotes.
      { role: "Helpdesk Administrator", until: "2027-01-31 00:00:00 +0000 UTC" },
      { role: "Security Administrator", until: "2027-01-31 18:00:00.5 +0100 +0100" },
    ],
  });
  expect(problems).toEqual([]);
  expect(settings.timedRoles.map(({ role, until }) => [role.displayName, until])).toEqual([
    ["Exchange Administrator", "2027-01-31T00:00:00Z"],
    ["Global Reader", "2027-01-31T17:00:00Z"],
    // A time that has passed is right: the program outlives the role.
    ["Security Reader", "2020-02-29T23:59:59Z"],
    ["Helpdesk Administrator", "2027-01-31T00:00:00Z"],
    ["Security Administrator", "2027-01-31T17:00:00Z"],
  ]);
  expect(settings.roles).toEqual([]);
  // Global Reader opens Security & Compliance.
  expect(settings.securityAndCompliance).toBe(true);
  expect(recordOf(settings)).toMatchObject({
    roleTemplateIds: [],
    timedRoles: [
      { roleTemplateId: "29232cdf-9323-42fd-ade2-1d097af3e4de", until: "2027-01-31T00:00:00Z" },
      { roleTemplateId: "f2ef992c-3afb-46b9-b7cf-a126ee74c451", until: "2027-01-31T17:00:00Z" },
      { roleTemplateId: "5d6b6bb7-de71-4623-b4af-96380a352509", until: "2020-02-29T23:59:59Z" },
      { roleTemplateId: "729827e3-9c14-49f7-bb1b-9608f156bbb8", until: "2027-01-31T00:00:00Z" },
      { roleTemplateId: "194ae4cb-b126-40b2-bd5b-6091b380977d", until: "2027-01-31T17:00:00Z" },
    ],
  });
});

it("stand beside roles, and leave no trace in the record where there are none", () => {
  const { settings, problems } = resolveArguments({
    roles: ["Global Reader"],
    timedRoles: [{ role: "Exchange Administrator", until: "2027-01-31" }],
  });
  expect(problems).toEqual([]);
  expect(settings.roles.map(({ displayName }) => displayName)).toEqual(["Global Reader"]);
  const none = resolveArguments({ timedRoles: [] }).settings;
  expect(none.roles.map(({ displayName }) => displayName)).toEqual(["Exchange Administrator"]);
  expect(Object.keys(recordOf(none))).not.toContain("timedRoles");
});

it("one role in both lists, or twice in one, is refused", () => {
  expect(
    problemsOf({
      roles: ["Global Reader", "Exchange Administrator"],
      timedRoles: [
        { role: "exchange administrator", until: "2027-01-31" },
        { role: "Exchange Administrator", until: "2027-02-28" },
        { role: "Security Reader", until: "2027-02-28" },
      ],
    }),
  ).toEqual([
    "`timedRoles[1]` repeats the role of `timedRoles[0]`. Remove one.",
    '`timedRoles[0].role` is "Exchange Administrator", which `roles` has too, without an end. Remove one of the two.',
    '`timedRoles[1].role` is "Exchange Administrator", which `roles` has too, without an end. Remove one of the two.',
  ]);
});

it("everything that is wrong is told at once", () => {
  const hint = 'Give one such as "2027-01-31" or "2027-01-31T18:00:00Z".';
  expect(
    problemsOf({
      timedRoles: [
        7,
        { role: "Global Administrator", until: "soon" },
        { role: "Mail Recipients", until: "2027-02-29" },
        { role: "Security Reader", until: "2027-01-31T25:00:00Z", from: "2027-01-01" },
        { role: "Global Reader" },
      ],
    }),
  ).toEqual([
    '`timedRoles[0]` must be an object, got 7. Give { role: "Exchange Administrator", until: "2027-01-31" }.',
    '`timedRoles[1].role` is "Global Administrator", which Microsoft advises against. Choose a narrower role, or set `allowGlobalAdministrator` to true.',
    `\`timedRoles[1].until\` must be a date or a time, got "soon". ${hint}`,
    '`timedRoles[2].role` is a management role of Exchange, not a role of Entra, got "Mail Recipients". Name it in `exchangeRoles`.',
    `\`timedRoles[2].until\` must be a date or a time, got "2027-02-29". ${hint}`,
    '`timedRoles[3].from` is not an argument. Use one of "role", "until".',
    `\`timedRoles[3].until\` must be a date or a time, got "2027-01-31T25:00:00Z". ${hint}`,
    `\`timedRoles[4].until\` must be a date or a time, got undefined. ${hint}`,
  ]);
  expect(problemsOf({ timedRoles: { role: "Global Reader" } })).toEqual([
    '`timedRoles` must be a list, got {"role":"Global Reader"}. Give [{ role: "Exchange Administrator", until: "2027-01-31" }], or leave it out.',
  ]);
});

it.each([
  ["2027-01-31 18:00:00.125 +0100 +0100", "2027-01-31T17:00:00Z"],
  ["2027-01-31 18:00:00 +0000", "2027-01-31T18:00:00Z"],
])("%s ends at %s", (until, end) => {
  const { settings } = resolveArguments({ timedRoles: [{ role: "Global Reader", until }] });
  expect(settings.timedRoles.map((one) => one.until)).toEqual([end]);
});

it.each([
  " 2027-01-31",
  "2027-01-01 (2027-01-31",
  "2027-01-31 ",
  "2027-01-31T18:00:00Z (Monday)",
  "on 2027-01-31 18:00:00 +0000 UTC",
  "2027-01-31 18:00:00 +0000 UTC or so",
])("%s is no end", (until) => {
  expect(problemsOf({ timedRoles: [{ role: "Global Reader", until }] })).toEqual([
    `\`timedRoles[0].until\` must be a date or a time, got "${until}". Give one such as "2027-01-31" or "2027-01-31T18:00:00Z".`,
  ]);
});
