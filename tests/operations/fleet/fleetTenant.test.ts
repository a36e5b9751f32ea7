import { expect, test } from "vitest";
import { byUrgency, fleetTenant, tenantStates } from "../../../operations/fleet/fleetTenant.ts";
import { applicationDeleted } from "../../../operations/drift/rules.ts";
import { fleetSummary } from "../../../operations/fleet/fleetSummary.ts";
import type { FleetDocument } from "../../../operations/fleet/fleetDocument.ts";
import type { TimedRoleStatus } from "../../../operations/timedRoles/timedRoleStatus.ts";
import { sampleFinding, sampleRules } from "../../cli/findings/sampleReport.ts";
import {
  brokenSample,
  cleanSection,
  failedDocument,
  sampleApplication,
  sampleComponent,
  sampleDiscovery,
  sampleDocument,
  sampleTime,
  sampleTimedRole,
} from "../../cli/fleetSample.ts";

const unread = { check: "check 1", reason: "refused", denied: true };
const found = { ...cleanSection, findings: [sampleFinding()] };
const yesterday = "2026-11-27T06:00:00Z";

const deletedUnread = {
  ...cleanSection,
  unread: [{ ...unread, code: "EXO_AUTH_APPLICATION_DELETED" as const }],
};

function stateOf(document: FleetDocument): unknown {
  const { state, isStale } = fleetTenant(document, sampleTime);
  return [state, isStale];
}

test.each<readonly [string, FleetDocument, string, boolean]>([
  ["nothing found", sampleDocument("a"), "inOrder", false],
  ["drift", sampleDocument("a", { drift: [found] }), "findings", false],
  ["an audit's finding", sampleDocument("a", { audit: [found] }), "findings", false],
  [
    "a blocked application",
    sampleDocument("a", { components: [{ ...sampleComponent(), tenant: { application: "blocked" } }] }),
    "findings",
    false,
  ],
  [
    "a deleted application, of which an audit has nothing to read",
    sampleDocument("a", {
      audit: [{ ...cleanSection, unread: [{ ...unread, code: "EXO_AUTH_APPLICATION_DELETED" }] }],
      components: [{ ...sampleComponent(), tenant: { application: "recycleBin" } }],
    }),
    "findings",
    false,
  ],
  [
    "a deleted application that nothing else found",
    sampleDocument("a", {
      audit: [{ ...cleanSection, unread: [{ ...unread, code: "EXO_AUTH_APPLICATION_DELETED" }] }],
    }),
    "notRead",
    false,
  ],
  [
    "another finding, and a deleted application that nothing found",
    sampleDocument("a", { drift: [found], audit: [deletedUnread] }),
    "notRead",
    false,
  ],
  [
    "a deleted application that drift found",
    sampleDocument("a", {
      drift: [{ ...cleanSection, findings: [{ ...sampleFinding(), id: applicationDeleted.id }] }],
      audit: [deletedUnread],
    }),
    "findings",
    false,
  ],
  [
    "a deleted application, and what could not be read besides",
    sampleDocument("a", {
      audit: [{ ...cleanSection, unread: [unread] }],
      components: [{ ...sampleComponent(), tenant: { application: "recycleBin" } }],
    }),
    "notRead",
    false,
  ],
  [
    "what was not read goes before what was found",
    sampleDocument("a", { drift: [found], audit: [{ ...cleanSection, unread: [unread] }] }),
    "notRead",
    false,
  ],
  [
    "what an audit does without",
    sampleDocument("a", { audit: [{ ...cleanSection, unread: [{ ...unread, optional: true }] }] }),
    "inOrder",
    false,
  ],
  [
    "an application that was not asked for",
    sampleDocument("a", { components: [{ ...sampleComponent(), tenant: { notRead: "refused" } }] }),
    "notRead",
    false,
  ],
  ["no state", failedDocument("a"), "notRead", false],
  [
    "an empty stack",
    failedDocument("a", { code: "EXO_AUTH_NO_COMPONENT", message: "The stack has no resources." }),
    "neverDeployed",
    false,
  ],
  [
    "30 days left",
    sampleDocument("a", { components: [sampleComponent("2026-12-28T23:00:00Z")] }),
    "expiring",
    false,
  ],
  [
    "31 days left",
    sampleDocument("a", { components: [sampleComponent("2026-12-29T06:00:00Z")] }),
    "inOrder",
    false,
  ],
  [
    "no certificate, and a role that the tenant ends before the day that is declared",
    sampleDocument("a", {
      components: [{ ...sampleComponent(), generations: [], timedRoles: [sampleTimedRole] }],
    }),
    "expiring",
    false,
  ],
  ["a day old", { ...sampleDocument("a"), began: yesterday }, "inOrder", false],
  ["a millisecond older", { ...sampleDocument("a"), began: "2026-11-27T05:59:59.999Z" }, "stale", true],
  ["no drift looked for", { ...sampleDocument("a"), parts: ["audit", "status"] }, "partial", false],
  [
    "findings of last week",
    { ...sampleDocument("a", { drift: [found] }), began: "2026-11-20T00:00:00Z" },
    "findings",
    true,
  ],
])("%s", (_name, document, state, isStale) => {
  expect(stateOf(document)).toEqual([state, isStale]);
});

function ending(timedRoles: readonly TimedRoleStatus[]): unknown {
  const components = [{ ...sampleComponent("2026-12-10T06:00:00Z"), timedRoles }];
  const { endsFirst, daysLeft } = fleetTenant(sampleDocument("a", { components }), sampleTime);
  return { endsFirst, daysLeft };
}

test("what ends first is told, a role that ended among it, and days are counted from now", () => {
  const ended: TimedRoleStatus = {
    role: "Exchange Administrator",
    until: "2026-11-27T06:00:00Z",
    daysLeft: 40,
  };
  const timedRoles = [sampleTimedRole, ended];
  expect(ending([sampleTimedRole])).toEqual({ endsFirst: "role Security Reader", daysLeft: 9 });
  expect(ending(timedRoles)).toEqual({ endsFirst: "role Exchange Administrator", daysLeft: -1 });
  expect(ending([])).toEqual({ endsFirst: "certificate 2", daysLeft: 12 });
});

test("days are counted from now, to the first current certificate", () => {
  const components = [sampleComponent(), sampleComponent("2027-02-01T00:00:00Z")];
  expect(fleetTenant(sampleDocument("a", { components }), sampleTime)).toMatchObject({
    daysLeft: 64,
    nextRotation: "2027-07-01T00:00:00Z",
    domains: ["contoso.onmicrosoft.com"],
  });
  expect(fleetTenant(failedDocument("a"), sampleTime)).not.toHaveProperty("daysLeft");
});

test("the worst first, and the worst finding of each first", () => {
  const mild = sampleFinding(sampleRules[1]);
  const documents = [
    sampleDocument("f"),
    sampleDocument("e"),
    { ...sampleDocument("d"), began: "2026-01-01T00:00:00Z" },
    sampleDocument("c", { drift: [{ ...cleanSection, findings: [mild] }] }),
    sampleDocument("b", { drift: [{ ...cleanSection, findings: [mild, sampleFinding()] }] }),
    failedDocument("a"),
  ];
  const { tenants, totals, made, broken } = fleetSummary(documents, [brokenSample], sampleTime);
  expect(tenants.map(({ stack }) => stack)).toEqual(["a", "b", "c", "d", "e", "f"]);
  expect(tenants[1]?.severity).toBe("critical");
  expect(tenants[1]?.findings.map(({ severity }) => severity)).toEqual(["critical", "low"]);
  expect(totals).toEqual({
    notRead: 1,
    findings: 2,
    expiring: 0,
    neverDeployed: 0,
    stale: 1,
    partial: 0,
    inOrder: 2,
  });
  expect([made, broken]).toEqual(["2026-11-28T06:00:00.000Z", [brokenSample]]);
  expect(tenants.toReversed().toSorted(byUrgency)).toEqual(tenants);
  expect(Object.keys(totals)).toEqual([...tenantStates]);
});

test("of a stack that could not be read, nothing is told but why", () => {
  expect(fleetTenant(failedDocument("a"), sampleTime)).toStrictEqual({
    stack: "a",
    project: "",
    domains: [],
    state: "notRead",
    isStale: false,
    parts: ["drift", "audit", "status"],
    began: "2026-11-28T05:00:00Z",
    findings: [],
    unread: [{ part: "check", section: "", check: "The stack", reason: "No such key." }],
    components: [],
  });
});

test("of one that was read, its project and update are told, and no days where no certificate is current", () => {
  const components = [{ ...sampleComponent(), generations: [] }];
  const known = fleetTenant(sampleDocument("a", { components }), sampleTime);
  expect(known).toMatchObject({ project: "infrastructure", updated: "2026-11-01T00:00:00Z" });
  expect(known).not.toHaveProperty("daysLeft");
});

test("what was not read is told with its part and its component", () => {
  const document = sampleDocument("a", { audit: [{ ...cleanSection, unread: [unread] }] });
  expect(fleetTenant(document, sampleTime).unread).toEqual([
    { part: "audit", section: "exchange", check: "check 1", reason: "refused" },
  ]);
});

test.each([
  ["blocked", "EXO-STATUS-APPLICATION-BLOCKED", "high", "`isDisabled` is true", "exo-auth revoke --unblock"],
  ["recycleBin", "EXO-STATUS-APPLICATION-DELETED", "critical", "recycleBin", "See docs/recovery.md"],
] as const)("an application that is %s is found", (application, id, severity, words, remedy) => {
  const components = [{ ...sampleComponent(), tenant: { application } }];
  expect(fleetTenant(sampleDocument("a", { components }), sampleTime).findings).toMatchObject([
    { id, severity, found: words, remedy, part: "status", section: "exchange" },
  ]);
});

test("a disabled service principal is found, whose application is there", () => {
  const tenant = { application: "present", servicePrincipalDisabled: true } as const;
  const components = [{ ...sampleComponent(), tenant }];
  expect(fleetTenant(sampleDocument("a", { components }), sampleTime).findings).toMatchObject([
    {
      id: "EXO-STATUS-SERVICE-PRINCIPAL-DISABLED",
      severity: "high",
      subject: sampleComponent().appId,
      found: "`accountEnabled` is false",
      part: "status",
      section: "exchange",
    },
  ]);
});

test("of stacks in one state, the one with the worse finding comes first, whatever their names", () => {
  const mild = { ...cleanSection, findings: [sampleFinding(sampleRules[1])] };
  const documents = [
    sampleDocument("a", { drift: [mild] }),
    sampleDocument("b", { drift: [found] }),
    failedDocument("d"),
    failedDocument("c"),
    failedDocument("f"),
    sampleDocument("e"),
  ];
  const { tenants } = fleetSummary(documents, [], sampleTime);
  expect(tenants.map(({ stack }) => stack)).toEqual(["c", "d", "f", "b", "a", "e"]);
});

test("the least finding is no reason to come before a stack without any", () => {
  const audit = [{ ...cleanSection, unread: [unread] }];
  const mild = { ...cleanSection, findings: [sampleFinding(sampleRules[1])] };
  const documents = [sampleDocument("b", { drift: [mild], audit }), sampleDocument("a", { audit })];
  expect(fleetSummary(documents, [], sampleTime).tenants.map(({ stack }) => stack)).toEqual(["a", "b"]);
});

test("what may act on Exchange is told with whether the stack declares it, and changes no state", () => {
  const notRead = [{ what: "last sign-ins", reason: "refused", denied: true, optional: true }];
  const document = { ...sampleDocument("a"), discovered: { ...sampleDiscovery, notRead } };
  const tenant = fleetTenant(document, sampleTime);
  expect(tenant).toMatchObject({ state: "inOrder", unread: [], findings: [] });
  expect(tenant.applications).toEqual([
    { ...sampleDiscovery.applications[0], isDeclared: true },
    { ...sampleApplication, isDeclared: false },
  ]);
});

test("one of two components declares what may act on Exchange", () => {
  const components = [{ ...sampleComponent(), appId: "another" }, sampleComponent()];
  const document = { ...sampleDocument("a", { components }), discovered: sampleDiscovery };
  const { applications = [] } = fleetTenant(document, sampleTime);
  expect(applications.map(({ isDeclared }) => isDeclared)).toEqual([true, false]);
});

test("where it could not be looked for, the stack is not read", () => {
  const document = { ...sampleDocument("a"), discovered: sampleDiscovery };
  expect(fleetTenant(document, sampleTime)).toMatchObject({
    state: "notRead",
    unread: [{ part: "discover", section: "", check: "roles", reason: "refused" }],
  });
});
