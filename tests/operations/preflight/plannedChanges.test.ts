import { expect, test } from "vitest";
import { childTypes } from "../../../common/typeTokens.ts";
import { type PlannedChanges, plannedChanges } from "../../../operations/preflight/plannedChanges.ts";
import { parsePlan } from "../../../stack/plan.ts";
import { known, planned } from "../repair/stack.ts";

const urn = (type: string, name: string): string =>
  `urn:pulumi:s::p::exchange-auth:index:ExchangeAppOnlyAuth$${type}::${name}`;
const step = (op: string, type: string, name: string, inputs: object): object => ({
  op,
  urn: urn(type, name),
  newState: { urn: urn(type, name), type, inputs },
});
const application = childTypes.application;
const certificate = childTypes.selfSignedCert;

test("finds what is to be created, and the types that are touched", () => {
  const plan = parse({
    steps: [
      step("create", application, "exchange", {
        displayName: "Exchange",
        description: "exchange-auth p/s/exchange",
      }),
      step("create", certificate, "exchange-cert-1", { validityPeriodHours: 8736 }),
      step("update", childTypes.servicePrincipal, "exchange", {}),
      { op: "delete", urn: urn(childTypes.appRoleAssignment, "x") },
      step("same", childTypes.directoryRoleAssignment, "y", {}),
    ],
  });
  expect(plan).toEqual({
    resourceTypes: new Set([
      application,
      certificate,
      childTypes.servicePrincipal,
      childTypes.appRoleAssignment,
    ]),
    newApplications: [{ displayName: "Exchange", component: "exchange", own: "exchange-auth p/s/exchange" }],
    knownApplications: [],
    newCertificates: [{ name: "exchange-cert-1", validityDays: 364, selfSigned: true }],
    newFederatedCredentials: [],
    removedCurrent: [],
    replacedCertificates: [],
    keysInState: [],
    exchangeRoles: [],
    timedRoles: { findings: [], running: [] },
    problems: [],
  });
});

test("knows the marker and the application that the state has", () => {
  const component = {
    ...planned("exchange-auth:index:ExchangeAppOnlyAuth", "exchange"),
    urn: "urn:pulumi:s::p::exchange-auth:index:ExchangeAppOnlyAuth::exchange",
  };
  const marker = known(
    "random:index/randomUuid:RandomUuid",
    "exchange-marker",
    { result: "m" },
    component.urn,
  );
  const own = known(application, "exchange", { objectId: "o", clientId: "c" }, component.urn);
  const plan = parsePlan(
    JSON.stringify({ steps: [step("create", application, "exchange", { displayName: "Exchange" })] }),
  );
  const changes = plannedChanges(plan!, new Date(), [], [component, marker, own]);
  expect(changes.knownApplications).toEqual([
    { name: "exchange", appId: "c", applicationObjectId: "o", tenantDomain: undefined, isOwn: true },
  ]);
  expect(changes.newApplications).toEqual([
    {
      displayName: "Exchange",
      component: "exchange",
      own: "exchange-auth p/s/exchange",
      marker: { value: "m", urn: marker.urn, isUsed: false },
    },
  ]);
});

test("a replacement makes a certificate, too, and a name that is known later none to look for", () => {
  const plan = parse({
    steps: [
      step("create-replacement", certificate, "exchange-cert-1", { validityPeriodHours: 24 }),
      step("create", application, "exchange", { displayName: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }),
    ],
  });
  expect(plan.newCertificates).toEqual([{ name: "exchange-cert-1", validityDays: 1, selfSigned: true }]);
  expect(plan.newApplications).toEqual([]);
});

test("a certificate from elsewhere lasts until its own end; the one of a made certificate counts once", () => {
  const credential = childTypes.applicationCertificate;
  const plan = parse({
    steps: [
      step("create", credential, "own", { endDate: "2026-12-03T12:00:00Z" }),
      step("create", credential, "made", { endDate: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }),
    ],
  });
  expect(plan.newCertificates).toEqual([{ name: "own", validityDays: 10.5, selfSigned: false }]);
});

test("the end of a secret certificate is not shown in a plan", () => {
  const credential = "azuread:index/applicationCertificate:ApplicationCertificate";
  const plan = parse({ steps: [step("create", credential, "own", { endDate: "[secret]" })] });
  expect(plan.newCertificates).toEqual([{ name: "own", validityDays: Number.NaN, selfSigned: false }]);
});

test("a certificate goes to the application that its key credential names, where that is there already", () => {
  const credential = childTypes.applicationCertificate;
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  const plan = parse({
    steps: [
      step("create", certificate, "added-cert-2", { validityPeriodHours: 24 }),
      step("create", credential, "added-cert-2", { endDate: unknown, applicationId: "/applications/id-1" }),
      step("create", certificate, "new-cert-1", { validityPeriodHours: 24 }),
      step("create", credential, "new-cert-1", { endDate: unknown, applicationId: unknown }),
      step("create", credential, "own", {
        endDate: "2026-12-03T12:00:00Z",
        applicationId: "/applications/id-2",
      }),
    ],
  });
  expect(plan.newCertificates).toStrictEqual([
    { name: "added-cert-2", validityDays: 1, selfSigned: true, applicationObjectId: "id-1" },
    { name: "new-cert-1", validityDays: 1, selfSigned: true },
    { name: "own", validityDays: 10.5, selfSigned: false, applicationObjectId: "id-2" },
  ]);
});

test("a certificate that a refused update has made is that one still, for all its time", () => {
  const credential = childTypes.applicationCertificate;
  const plan = parse({
    steps: [
      step("same", certificate, "exchange-cert-1", { validityPeriodHours: 8736 }),
      step("create", credential, "exchange-cert-1", {
        endDate: "2027-11-21T00:00:00Z",
        applicationId: "/applications/id-1",
      }),
      step("same", certificate, "exchange-cert-2", { validityPeriodHours: 24 }),
      step("same", credential, "exchange-cert-2", { endDate: "2027-11-21T00:00:00Z" }),
    ],
  });
  expect(plan.newCertificates).toEqual([
    {
      name: "exchange-cert-1",
      validityDays: 364,
      selfSigned: true,
      alreadyMade: true,
      applicationObjectId: "id-1",
    },
  ]);
});

test("takes the component's problems apart, and leaves other errors whole", () => {
  const message =
    'error: ExchangeAppOnlyAuth "exchange" has 2 problems, nothing was created:\n  - `a` is wrong.\n  - `b` is, too:\n\t* more\n';
  const diagnostics = [
    { severity: "warning", message: "never mind" },
    { severity: "error", message },
    { severity: "error", message: "error: something else" },
  ];
  expect(parse({ steps: [], diagnostics })).toEqual({
    resourceTypes: undefined,
    newApplications: [],
    knownApplications: [],
    newCertificates: [],
    newFederatedCredentials: [],
    removedCurrent: [],
    replacedCertificates: [],
    keysInState: [],
    exchangeRoles: [],
    timedRoles: { findings: [], running: [] },
    problems: ["`a` is wrong.", "`b` is, too: * more", "something else"],
  });
});

test("says which component has them where several have some", () => {
  const message =
    'error: ExchangeAppOnlyAuth "mailboxes" has 2 problems, nothing was created:\n  - `a` is wrong.\n  - `b` has no value.\nExchangeAppOnlyAuth "reports" has one problem, nothing was created:\n  - `c` is wrong.\n';
  expect(parse({ steps: [], diagnostics: [{ severity: "error", message }] }).problems).toEqual([
    'ExchangeAppOnlyAuth "mailboxes": `a` is wrong.',
    'ExchangeAppOnlyAuth "mailboxes": `b` has no value.',
    'ExchangeAppOnlyAuth "reports": `c` is wrong.',
  ]);
});

function parse(preview: unknown): PlannedChanges {
  return plannedChanges(parsePlan(JSON.stringify(preview))!, new Date("2026-11-23T00:00:00Z"));
}
