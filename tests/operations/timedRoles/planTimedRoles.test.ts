import { expect, test } from "vitest";
import type { ObservedTimedRole } from "../../../operations/timedRoles/observedTimedRoles.ts";
import { planTimedRoles } from "../../../operations/timedRoles/planTimedRoles.ts";
import { templateIdOf } from "../../../microsoft/roles.ts";

const administrator = templateIdOf("Exchange Administrator");
const now = Date.parse("2026-11-28T12:00:00Z");
const until = "2027-01-31T00:00:00Z";
const timed = [{ roleTemplateId: administrator, until }];

function plan(
  observed: readonly Partial<ObservedTimedRole>[],
  {
    declared = timed,
    lasting = [],
    limit,
  }: { declared?: typeof timed; lasting?: readonly string[]; limit?: string } = {},
) {
  const limits = new Map(limit === undefined ? [] : [[administrator, limit]]);
  const roles = observed.map((one) => ({ roleTemplateId: administrator, isOwn: true, ...one }));
  return planTimedRoles({ timed: declared, lasting }, roles, limits, now);
}

const role = { roleDefinitionId: administrator };

function shortened(end: string): string {
  return `The tenant's rules let the role "Exchange Administrator" last P30D. It ends at ${end}, before 2027-01-31 00:00 UTC. Run this command again before it ends.`;
}

test.each<[string, ReturnType<typeof plan>, object[], string[]]>([
  [
    "a role that is missing is assigned",
    plan([]),
    [
      {
        ...role,
        action: "adminAssign",
        end: until,
        title: 'give it the role "Exchange Administrator" until 2027-01-31 00:00 UTC',
      },
    ],
    [],
  ],
  [
    "one without an end gets it, whoever gave it",
    plan([{ isOwn: false }]),
    [
      {
        ...role,
        action: "adminUpdate",
        end: until,
        title:
          'let the role "Exchange Administrator", which it has without an end, end at 2027-01-31 00:00 UTC',
      },
    ],
    [],
  ],
  [
    "one that ends later ends as declared",
    plan([{ end: "2027-03-01T00:00:00Z" }]),
    [
      {
        ...role,
        action: "adminUpdate",
        end: until,
        title:
          'let the role "Exchange Administrator" end at 2027-01-31 00:00 UTC, instead of 2027-03-01 00:00 UTC',
      },
    ],
    [],
  ],
  [
    "one that ends earlier is renewed",
    plan([{ end: "2026-12-01T00:00:00Z" }]),
    [
      {
        ...role,
        action: "adminUpdate",
        end: until,
        title:
          'renew the role "Exchange Administrator", which ends at 2026-12-01 00:00 UTC, until 2027-01-31 00:00 UTC',
      },
    ],
    [],
  ],
  ["one that ends as declared stays", plan([{ end: until }]), [], []],
  ["one whose end Entra rounded up stays", plan([{ end: "2027-01-31T00:01:00Z" }]), [], []],
  ["one whose end Entra rounded down stays", plan([{ end: "2027-01-30T23:59:00Z" }]), [], []],
  [
    "a rounded end is not one that the tenant's rules cut short",
    plan([{ end: "2027-01-30T23:59:00Z" }], { limit: "P365D" }),
    [],
    [],
  ],
  [
    "it is not renewed at half of the time that the rules let it last",
    plan([{ end: "2026-12-13T12:00:00Z" }], { limit: "P30D" }),
    [],
    [shortened("2026-12-13 12:00 UTC")],
  ],
  [
    "one whose declared end is now is not given again",
    plan([], { declared: [{ roleTemplateId: administrator, until: "2026-11-28T12:00:00Z" }] }),
    [],
    [],
  ],
  [
    "each role is compared with its own assignment",
    plan([{ roleTemplateId: "other", end: "2027-03-01T00:00:00Z", isOwn: false }, { end: until }]),
    [],
    [],
  ],
  [
    "one that the tenant's rules cut short is given as long as they let it",
    plan([], { limit: "P30D" }),
    [
      {
        ...role,
        action: "adminAssign",
        end: "2026-12-28T12:00:00Z",
        title: 'give it the role "Exchange Administrator" until 2026-12-28 12:00 UTC',
      },
    ],
    [shortened("2026-12-28 12:00 UTC")],
  ],
  [
    "it is not renewed before half of that",
    plan([{ end: "2026-12-14T00:00:00Z" }], { limit: "P30D" }),
    [],
    [shortened("2026-12-14 00:00 UTC")],
  ],
  [
    "and is afterwards",
    plan([{ end: "2026-12-13T00:00:00Z" }], { limit: "P30D" }),
    [
      {
        ...role,
        action: "adminUpdate",
        end: "2026-12-28T12:00:00Z",
        title:
          'renew the role "Exchange Administrator", which ends at 2026-12-13 00:00 UTC, until 2026-12-28 12:00 UTC',
      },
    ],
    [shortened("2026-12-28 12:00 UTC")],
  ],
  ["never beyond what the program declares", plan([{ end: until }], { limit: "P365D" }), [], []],
  [
    "one whose declared end has passed is not given again",
    plan([], { declared: [{ roleTemplateId: administrator, until: "2026-11-28T11:59:59Z" }] }),
    [],
    [],
  ],
  [
    "and is taken back if it is still there",
    plan([{ end: "2027-01-01T00:00:00Z" }], {
      declared: [{ roleTemplateId: administrator, until: "2026-11-28T11:59:59Z" }],
    }),
    [
      {
        ...role,
        action: "adminRemove",
        title: 'take back the role "Exchange Administrator", which was declared until 2026-11-28 11:59 UTC',
      },
    ],
    [],
  ],
  [
    "unless somebody else gave it",
    plan([{ isOwn: false }], {
      declared: [{ roleTemplateId: administrator, until: "2026-11-28T11:59:59Z" }],
    }),
    [],
    [
      'Left alone: it has the role "Exchange Administrator", which was declared until 2026-11-28 11:59 UTC, and exo-auth did not give it.',
    ],
  ],
  [
    "one that is no longer declared is taken back",
    plan([{ end: until }], { declared: [] }),
    [
      {
        ...role,
        action: "adminRemove",
        title: 'take back the role "Exchange Administrator"',
      },
    ],
    [],
  ],
  ["what somebody else gave is left", plan([{ end: until, isOwn: false }], { declared: [] }), [], []],
  [
    "one that `roles` declares now loses its end",
    plan([{ end: until }], { declared: [], lasting: [administrator] }),
    [
      {
        ...role,
        action: "adminUpdate",
        title:
          'let the role "Exchange Administrator" last without an end, instead of until 2027-01-31 00:00 UTC',
      },
    ],
    [],
  ],
  ["and is left then", plan([{}], { declared: [], lasting: [administrator] }), [], []],
])("%s", (_, { steps, notes }, wanted, told) => {
  expect([steps, notes]).toEqual([wanted, told]);
});
