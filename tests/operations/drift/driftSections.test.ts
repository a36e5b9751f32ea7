import { childTypes, componentType } from "../../../common/typeTokens.ts";
import { type Plan, parsePlan, type PlanStep as Step } from "../../../stack/plan.ts";
import { expect, test } from "vitest";
import { contentHash } from "../../../operations/findings/contentHash.ts";
import { driftSections } from "../../../operations/drift/driftSections.ts";
import type { Section } from "../../../operations/findings/finding.ts";

const now = new Date("2026-11-23T09:00:00Z");
const parent = urnOf(componentType, "exchange");
const application = step(childTypes.application, "exchange", {
  outputs: { objectId: "application-1", displayName: "Exchange", tags: ["a", "b"] },
});
const principal = step(childTypes.servicePrincipal, "exchange", {
  dependencies: [application.urn],
});
const certificate = step(childTypes.applicationCertificate, "exchange-cert-1", {
  dependencies: [application.urn],
});
const consent = step(childTypes.appRoleAssignment, "exchange-consent", {
  dependencies: [principal.urn],
});

test("what is unchanged: nothing", () => {
  expect(sectionsOf([application, principal, certificate, consent])).toEqual([
    {
      name: "exchange",
      checks: [
        "azuread:AppRoleAssignment exchange-consent",
        "azuread:Application exchange",
        "azuread:ApplicationCertificate exchange-cert-1",
        "azuread:ServicePrincipal exchange",
      ],
      findings: [],
      accepted: [],
      unread: [],
      notes: [],
    },
  ]);
});

/** A changed property of the application, as `findingsOf` gives it. */
function row(path: string, was: string, found: string): string[] {
  const subject = `azuread:Application exchange ${path} ${contentHash(found)}`;
  return ["EXO-DRIFT-CHANGED", subject, was, found];
}

test("each changed property with what was declared and what was found; secrets are compared, never shown", () => {
  const changed = update(application, {
    outputs: { displayName: "Other", tags: ["a", "c"], notes: "new", password: "[secret]" },
    paths: ["displayName", "tags[1]", "notes", 'web["a.b"].url', "password"],
  });
  expect(findingsOf([changed])).toEqual([
    row("displayName", '"Exchange"', 'displayName is "Other"'),
    row("notes", "not set", 'notes is "new"'),
    row("password", "not set", "password is (secret)"),
    row("tags[1]", '"b"', 'tags[1] is "c"'),
    row('web["a.b"].url', "not set", 'web["a.b"].url is not set'),
  ]);
});

/** The subject of the finding of another name of the application. */
function renamed(displayName: string): string | undefined {
  return findingsOf([update(application, { outputs: { displayName }, paths: ["displayName"] })])[0]?.[1];
}

test("another value of a changed property is another finding than the one that was accepted", () => {
  expect(renamed("Other")).toBe(renamed("Other"));
  expect(renamed("Another")).not.toBe(renamed("Other"));
});

test("what went with something else is told there", () => {
  expect(findingsOf([application, gone(principal), gone(consent)])).toEqual([
    [
      "EXO-DRIFT-MISSING",
      "azuread:ServicePrincipal exchange",
      "id id-of-exchange",
      "it does not exist. These disappeared with it: azuread:AppRoleAssignment exchange-consent",
    ],
  ]);
});

test("a deleted application is restored in its own component's cloud", () => {
  const clouds = [
    ["exchange", "usGovernmentHigh", "contoso.onmicrosoft.us", "graph.microsoft.us"],
    ["military", "usGovernmentDod", "fabrikam.onmicrosoft.us", "dod-graph.microsoft.us"],
    ["chinese", undefined, "contoso.partner.onmschina.cn", "microsoftgraph.chinacloudapi.cn"],
    ["world", undefined, "contoso.onmicrosoft.com", "graph.microsoft.com"],
  ] as const;
  const steps = clouds.flatMap(([name, cloud, tenantDomain]) => {
    const urn = urnOf(componentType, name);
    const whole = step(componentType, name, {
      urn,
      custom: false,
      parent: undefined,
      inputs: cloud === undefined ? {} : { cloud },
      outputs: { tenantDomain },
    });
    const own = step("azuread:index/application:Application", name, {
      parent: urn,
      outputs: { objectId: `object-of-${name}` },
    });
    return [{ ...whole, urn }, gone(own)];
  });
  const sections = driftSections({ diagnostics: [], changeSummary: { delete: 4 }, steps }, now);
  const remedies = new Map(sections.map(({ name, findings }) => [name, findings[0]?.remedy]));
  for (const [name, , , host] of clouds) {
    expect(remedies.get(name)).toContain(
      `az rest --method post --url 'https://${host}/v1.0/directory/deletedItems/object-of-${name}/restore'`,
    );
  }
});

test("everything that went with something is told there once, in order, however far it is from it", () => {
  const alsoOnPrincipal = step(childTypes.directoryRoleAssignment, "exchange-a-role", {
    dependencies: [principal.urn, application.urn],
  });
  const steps = [application, principal, consent, certificate, alsoOnPrincipal].map(gone);
  const [finding, ...others] = sectionsOf(steps)[0]?.findings ?? [];
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    id: "EXO-DRIFT-APPLICATION-DELETED",
    declared: "id id-of-exchange",
    found:
      "it does not exist. These disappeared with it: azuread:AppRoleAssignment exchange-consent, azuread:ApplicationCertificate exchange-cert-1, azuread:DirectoryRoleAssignment exchange-a-role, azuread:ServicePrincipal exchange",
  });
  expect(finding?.remedy).toMatch(
    / && pulumi up --refresh \(or, for a new one: pulumi state delete '[^']+' --target-dependents && pulumi up\)$/,
  );
});

test("what is missing by itself, and has no id, is made again by an update", () => {
  const { id: _, ...withoutId } = consent.oldState!;
  const { objectId: __, ...withoutObjectId } = application.oldState!.outputs;
  const nameless = { ...application, oldState: { ...application.oldState!, outputs: withoutObjectId } };
  const [section] = sectionsOf([gone({ ...consent, oldState: withoutId }), gone(nameless)]);
  expect(section?.findings).toMatchObject([
    {
      id: "EXO-DRIFT-MISSING",
      found: "it does not exist",
      declared: "id unknown",
      remedy: "pulumi up --refresh",
    },
    { id: "EXO-DRIFT-APPLICATION-DELETED", found: "it does not exist", remedy: "pulumi up --refresh" },
  ]);
});

test("a deleted application below another component is restored in the cloud of the one of ours above it", () => {
  const wrapper = {
    ...step("mine:index:Wrapper", "wrapper", { custom: false }),
    urn: urnOf("mine:index:Wrapper", "w"),
  };
  const below = step(childTypes.application, "below", { parent: wrapper.urn, outputs: { objectId: "o" } });
  expect(firstRemedy([wrapper, gone(below)])).toContain("'https://graph.microsoft.us/v1.0/directory/");
  const alone = { ...below, oldState: { ...below.oldState!, parent: undefined } };
  expect(firstRemedy([gone(alone)])).toContain("'https://graph.microsoft.com/v1.0/directory/");
});

test("azuread fails to read a credential of a deleted application: that is the deletion, not a failure", () => {
  const sections = sectionsOf([gone(application), gone(principal), certificate, gone(consent)], {
    diagnostics: [
      error(
        `refreshing ${certificate.urn}: 1 error occurred:\n\t* [application_id] Retrieving Application (Application: "application-1"): unexpected status 404 (404 Not Found) with error: Request_ResourceNotFound: …`,
        certificate.urn,
      ),
      error("error: preview failed\n"),
    ],
    changeSummary: { delete: 3 },
  });
  expect(sections).toMatchObject([{ unread: [], findings: [{ id: "EXO-DRIFT-APPLICATION-DELETED" }] }]);
  expect(sections[0]?.findings).toHaveLength(1);
  expect(sections[0]?.findings[0]?.remedy).toContain(
    "'https://graph.microsoft.us/v1.0/directory/deletedItems/application-1/restore'",
  );
});

test("a read that fails is unread, with the plugin's words alone; a missing right is told apart", () => {
  const sections = sectionsOf([application, principal, certificate], {
    diagnostics: [
      error(
        `error: Preview failed: refreshing ${application.urn}: 1 error occurred:\n\t* unexpected status 503\n\n`,
        application.urn,
      ),
      error("error: Preview failed: fetch failed\n", certificate.urn),
      error("error: the plugin says: fetch failed\n", certificate.urn),
      error("error: fetch failed", certificate.urn),
      error("error: unexpected status 403 (403 Forbidden): Authorization_RequestDenied", principal.urn),
      error("error: preview failed\n"),
    ],
    changeSummary: {},
  });
  expect(sections.map(({ name, findings, unread }) => ({ name, findings, unread }))).toEqual([
    {
      name: "exchange",
      findings: [],
      unread: [
        { check: "azuread:Application exchange", reason: "unexpected status 503", denied: false },
        {
          check: "azuread:ServicePrincipal exchange",
          reason: "unexpected status 403 (403 Forbidden): Authorization_RequestDenied",
          denied: true,
        },
        {
          check: "azuread:ApplicationCertificate exchange-cert-1",
          reason: "fetch failed; the plugin says: fetch failed",
          denied: false,
        },
      ],
    },
  ]);
});

test("what the engine did not try after a failure is never taken for unchanged", () => {
  const { newState: _, ...untried } = consent;
  const sections = sectionsOf([application, principal, certificate, untried], {
    diagnostics: [error("error: throttled", application.urn), error("error: preview failed\n")],
    changeSummary: { same: 1 },
  });
  expect(sections.at(-1)).toMatchObject({
    name: "stack",
    unread: [{ check: "the stack", reason: "2 more were not tried after that.", denied: false }],
  });
});

test("a failure of no resource is one of the stack", () => {
  const sections = sectionsOf([application], {
    diagnostics: [error("error: could not load plugin azuread")],
  });
  expect(sections.at(-1)).toMatchObject({
    name: "stack",
    unread: [{ check: "the stack", reason: "could not load plugin azuread" }],
  });
});

test.each([
  ["2026-11-23T08:59:59Z", 0, "EXO-DRIFT-CERTIFICATE-ENDED", "high"],
  ["2026-11-24T09:00:00Z", 24, "EXO-DRIFT-ROTATION-DUE", "low"],
])(
  "a certificate that ends at %s, with %i hours of early renewal: %s",
  (validityEndTime, earlyRenewalHours, id, severity) => {
    const selfSigned = step(childTypes.selfSignedCert, "exchange-cert-1", {
      outputs: { validityEndTime, earlyRenewalHours },
    });
    expect(sectionsOf([selfSigned])[0]?.findings).toMatchObject([{ id, severity }]);
  },
);

test.each([
  ["2026-11-23T09:00:00Z", "EXO-DRIFT-CERTIFICATE-ENDED", "it ended at 2026-11-23 09:00 UTC"],
  [
    "2026-11-23T09:00:01Z",
    "EXO-DRIFT-ROTATION-DUE",
    "it ends at 2026-11-23 09:00 UTC, and must be renewed 1 hour before",
  ],
])("a certificate that ends at %s says what to do", (validityEndTime, id, found) => {
  const outputs = { validityEndTime, earlyRenewalHours: 1 };
  expect(
    sectionsOf([step(childTypes.selfSignedCert, "exchange-cert-1", { outputs })])[0]?.findings,
  ).toMatchObject([
    {
      id,
      subject: "tls:SelfSignedCert exchange-cert-1",
      found,
      declared: "a certificate that is valid",
      remedy: "add a generation to `certificate.generations`, then pulumi up",
    },
  ]);
});

test.each<[string, Record<string, unknown>]>([
  [childTypes.selfSignedCert, { validityEndTime: "2026-11-23T09:00:01Z" }],
  [childTypes.selfSignedCert, { validityEndTime: 0, earlyRenewalHours: 24 }],
  [childTypes.applicationCertificate, { validityEndTime: "2026-11-23T08:00:00Z" }],
])("a %s with %j is not due", (type, outputs) => {
  expect(sectionsOf([step(type, "exchange-cert-1", { outputs })])[0]?.findings).toEqual([]);
});

test("findings of one resource are in the order of what they are about, then of their kinds", () => {
  const outputs = { validityEndTime: "2026-11-23T08:00:00Z" };
  const ended = step(childTypes.selfSignedCert, "exchange-cert-1", { outputs, initErrors: ["a"] });
  const other = step(childTypes.selfSignedCert, "exchange-cert-0", { outputs });
  expect(findingsOf([ended, other]).map(([id, subject]) => [id, subject])).toEqual([
    ["EXO-DRIFT-CERTIFICATE-ENDED", "tls:SelfSignedCert exchange-cert-0"],
    ["EXO-DRIFT-CERTIFICATE-ENDED", "tls:SelfSignedCert exchange-cert-1"],
    ["EXO-DRIFT-SPENT-INIT-ERRORS", "tls:SelfSignedCert exchange-cert-1"],
  ]);
});

test("a certificate with time left is no finding", () => {
  const selfSigned = step(childTypes.selfSignedCert, "exchange-cert-1", {
    outputs: { validityEndTime: "2026-11-24T09:00:01Z", earlyRenewalHours: 24 },
  });
  expect(sectionsOf([selfSigned])[0]?.findings).toEqual([]);
});

test("init errors of a state are told apart from a change", () => {
  const unfinished = { ...principal, oldState: { ...principal.oldState!, initErrors: ["a", "b"] } };
  expect(findingsOf([unfinished])).toEqual([
    [
      "EXO-DRIFT-SPENT-INIT-ERRORS",
      "azuread:ServicePrincipal exchange",
      "no error",
      "2 errors of its creation still in the state",
    ],
  ]);
});

test("what belongs to no component has a section of its own", () => {
  const bucket = {
    ...step("random:index/randomId:RandomId", "bucket"),
    urn: `urn:pulumi:s::p::random:index/randomId:RandomId::bucket`,
  };
  const sections = sectionsOf([
    application,
    { ...bucket, oldState: { ...bucket.oldState!, parent: undefined } },
  ]);
  expect(sections.map(({ name }) => name)).toEqual(["exchange", "other resources of the stack"]);
});

test("a component whose first update did not finish: its missing resources are not checked", () => {
  const unfinished: Step = {
    op: "refresh",
    urn: parent,
    oldState: {
      ...application.oldState!,
      outputs: {},
      type: componentType,
      custom: false,
      parent: undefined,
    },
  };
  const finished: Step = { ...unfinished, urn: urnOf(componentType, "reports") };
  const whole = { ...unfinished.oldState!, outputs: { tenantDomain: "contoso.onmicrosoft.com" } };
  const role = step(childTypes.directoryRoleAssignment, "reports-role", { parent: finished.urn });
  const steps = [
    unfinished,
    application,
    { ...finished, oldState: whole },
    role,
    // A resource that is not in the state yet.
    { op: "create", urn: urnOf(componentType, "new") },
  ];
  const plan = { diagnostics: [], changeSummary: { same: 1 }, steps };
  expect(driftSections(plan, now).map(({ name, notes }) => ({ name, notes }))).toEqual([
    {
      name: "exchange",
      notes: [
        'An update of the component "exchange" did not finish, so some of its resources can be missing from the stack. They are not checked. Run `pulumi up`.',
      ],
    },
    { name: "reports", notes: [] },
  ]);
});

test("what is no plan is none", () => {
  expect(parsePlan("error: no stack selected")).toBeUndefined();
  expect(parsePlan('{"steps":[{"op":"same"}]}')).toBeUndefined();
});

function step(type: string, name: string, state: Partial<NonNullable<Step["oldState"]>> = {}): Step {
  const urn = urnOf(`${componentType}$${type}`, name);
  const oldState = {
    urn,
    type,
    custom: true,
    id: `id-of-${name}`,
    parent,
    dependencies: [],
    inputs: {},
    outputs: {},
    delete: false,
    initErrors: [],
    ...state,
  };
  return {
    op: "refresh",
    urn,
    oldState,
    newState: oldState,
    detailedDiff: null,
  };
}

function gone(unchanged: Step): Step {
  return { op: "delete", urn: unchanged.urn, oldState: unchanged.oldState };
}

function update(
  unchanged: Step,
  { outputs, paths }: { outputs: Record<string, unknown>; paths: string[] },
): Step {
  const detailedDiff = Object.fromEntries(paths.map((path) => [path, { kind: "update", inputDiff: false }]));
  return { ...unchanged, op: "update", newState: { ...unchanged.oldState!, outputs }, detailedDiff };
}

function error(message: string, urn?: string): Plan["diagnostics"][number] {
  return { message, severity: "error", ...(urn === undefined ? {} : { urn }) };
}

function urnOf(types: string, name: string): string {
  return `urn:pulumi:production::infrastructure::${types}::${name}`;
}

function sectionsOf(
  steps: Step[],
  { diagnostics = [], changeSummary = { same: steps.length } }: Partial<Plan> = {},
): readonly Section[] {
  const outputs = { tenantDomain: "contoso.onmicrosoft.us" };
  const oldState = {
    ...application.oldState!,
    outputs,
    type: componentType,
    custom: false,
    parent: undefined,
  };
  const whole: Step = { op: "refresh", urn: parent, oldState };
  return driftSections(
    { diagnostics, changeSummary: { ...changeSummary, component: 1 }, steps: [whole, ...steps] },
    now,
  );
}

function firstRemedy(steps: Step[]): string | undefined {
  return sectionsOf(steps).flatMap(({ findings }) => findings)[0]?.remedy;
}

function findingsOf(steps: Step[]): string[][] {
  return sectionsOf(steps).flatMap(({ findings }) =>
    findings.map(({ id, subject, declared, found }) => [id, subject, declared, found]),
  );
}
