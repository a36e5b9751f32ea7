import { expect, test } from "vitest";
import { compareAccess } from "../../../../operations/audit/compareAccess.ts";
import type { ReadPolicies } from "../../../../operations/audit/rule.ts";
import type {
  OwnPolicy,
  Restriction,
  TenantPolicy,
} from "../../../../operations/tenant/appManagementPolicy.ts";
import type { Section } from "../../../../operations/findings/finding.ts";
import { declared, nothingElse, objects, observedFrom, refusal, untouchedBodies } from "../sampleAccess.ts";

const id = "EXO-AUDIT-CREDENTIAL-OUTLASTS-POLICY";
const year = { startDateTime: "2026-01-01T00:00:00Z", endDateTime: "2027-01-01T00:00:00Z" };
const certificate = { keyId: "cert", type: "AsymmetricX509Cert", displayName: "CN=x", key: "", ...year };
const symmetric = { ...certificate, keyId: "symmetric", type: "Symmetric" };
const secret = { keyId: "secret", displayName: null, ...year };
const days = (maxLifetime: string, restrictionType = "asymmetricKeyLifetime"): Restriction => ({
  restrictionType,
  maxLifetime,
});

test.each([
  ["P366D", []],
  ["P365D", ["cert P365D 2027-01-01T00:00:00Z"]],
  ["P180D", ["cert P180D 2027-01-01T00:00:00Z"]],
  [null, []],
])("a certificate of 365 days under a maximum of %s", async (maxLifetime, subjects) => {
  const section = await audited({ keyCredentials: [{ ...days(""), maxLifetime }] });
  expect(found(section)).toEqual(subjects);
});

test("the finding says which policy, and how long", async () => {
  const { findings } = await audited({ keyCredentials: [days("P180D")] });
  expect(findings.find((one) => one.id === id)).toMatchObject({
    severity: "medium",
    found: 'certificate "CN=x", keyId cert, valid for 365 days',
    declared: "the tenant's app management policy requires less than 180 days",
    remedy:
      "replace it with one that ends in time (docs/rotation.md), and then remove it, or ask for a change of the policy",
  });
});

test.each([
  ["PT36H", "2 days"],
  ["P1D", "1 day"],
  ["PT12H", "PT12H"],
])("a maximum of %s is shown as %s", async (maxLifetime, words) => {
  const { findings } = await audited({ keyCredentials: [days(maxLifetime)] });
  expect(findings.find((one) => one.id === id)?.declared).toBe(
    `the tenant's app management policy requires less than ${words}`,
  );
});

test("secrets and symmetric keys have limits of their own, and one without an end breaks any", async () => {
  const body = {
    keyCredentials: [certificate, symmetric],
    passwordCredentials: [secret, { ...secret, keyId: "eternal", endDateTime: null }],
  };
  const passwordCredentials = [days("P400D", "passwordLifetime"), days("P100D", "symmetricKeyLifetime")];
  const section = await audited({ passwordCredentials }, body);
  expect(found(section)).toEqual(["eternal P400D without an end", "symmetric P100D 2027-01-01T00:00:00Z"]);
});

test("what has ended signs in nowhere", async () => {
  const ended = {
    ...certificate,
    startDateTime: "2020-01-01T00:00:00Z",
    endDateTime: "2026-11-23T09:00:00Z",
  };
  expect(found(await audited({ keyCredentials: [days("P1D")] }, { keyCredentials: [ended] }))).toEqual([]);
});

test.each([
  ["a policy that is off", { isEnabled: false }, {}],
  ["a restriction that is off", {}, { state: "disabled" }],
  ["one for applications made later", {}, { restrictForAppsCreatedAfterDateTime: "2026-02-01T00:00:00Z" }],
])("%s holds for nothing", async (_, policy, restriction) => {
  const keyCredentials = [{ ...days("P180D"), ...restriction }];
  const section = await compare({ tenant: tenant({ keyCredentials }, policy) });
  expect(found(section)).toEqual([]);
  expect(section.unread).toEqual([]);
});

test("whom the policy exempts, nobody knows afterwards: a note, and no finding", async () => {
  const excludeActors = {
    customSecurityAttributes: [{ id: "Deployment_Trusted", operator: "equals", value: "x" }],
  };
  const exempting = { ...days("P100D"), excludeActors };
  const section = await audited({ keyCredentials: [exempting] });
  expect(found(section)).toEqual([]);
  expect(section.notes).toContain(
    'A certificate "CN=x", keyId cert, valid for 365 days: the tenant\'s app management policy requires less than 100 days, and exempts some who may have added it.',
  );
  expect(found(await audited({ keyCredentials: [exempting, days("P200D")] }))).toEqual([
    "cert P200D 2027-01-01T00:00:00Z",
  ]);
});

test("an object's own policy goes before the tenant's, which need not be read then", async () => {
  const refused = refusal(403, "Authorization_RequestDenied");
  const strict = await compare({ tenant: refused, application: { ok: true, value: [own([days("P90D")])] } });
  expect(strict.findings.find((one) => one.id === id)?.declared).toBe(
    'the application\'s own app management policy "Exchange" requires less than 90 days',
  );
  expect(strict.unread).toEqual([]);
  const lax = {
    tenant: tenant({ keyCredentials: [days("P90D")] }),
    application: { ok: true, value: [own([])] },
  } as const;
  expect(found(await compare(lax))).toEqual([]);
});

test("the service principal's credentials are under its own restrictions", async () => {
  const servicePrincipal = { keyCredentials: [{ ...certificate, keyId: "hidden" }] };
  const servicePrincipalRestrictions = { keyCredentials: [days("P90D")] };
  const policies = { tenant: tenant({}, { servicePrincipalRestrictions }) };
  expect(found(await compare(policies, { servicePrincipal }))).toEqual(["hidden P90D 2027-01-01T00:00:00Z"]);
});

test("and under a policy of its own", async () => {
  const servicePrincipal = { keyCredentials: [{ ...certificate, keyId: "hidden" }] };
  const policies = { servicePrincipal: { ok: true, value: [own([days("P90D")])] } } as const;
  const { findings } = await compare(policies, { servicePrincipal });
  expect(findings.find((one) => one.id === id)?.declared).toBe(
    'the service principal\'s own app management policy "Exchange" requires less than 90 days',
  );
});

test("a restriction for applications made later holds for one that was made then", async () => {
  const keyCredentials = [{ ...days("P180D"), restrictForAppsCreatedAfterDateTime: "2025-12-31T00:00:00Z" }];
  expect(found(await compare({ tenant: tenant({ keyCredentials }) }))).toEqual([
    "cert P180D 2027-01-01T00:00:00Z",
  ]);
});

test("without the right it is not read, which is named once and fails no run", async () => {
  const policies = { tenant: refusal(403, "Authorization_RequestDenied") };
  const section = await compare(policies, { servicePrincipal: { keyCredentials: [certificate] } });
  expect(section.unread).toEqual([
    {
      check: "Credential that outlasts the tenant's app management policy",
      reason: expect.stringMatching(
        /^the identity lacks the application permission Policy\.Read\.All of Microsoft Graph/,
      ),
      denied: true,
      optional: true,
    },
  ]);
});

test("a credential without an end never ends", async () => {
  const body = { keyCredentials: [], passwordCredentials: [{ ...secret, endDateTime: null }] };
  const section = await audited({ passwordCredentials: [days("P9D", "passwordLifetime")] }, body);
  expect(section.findings.find((one) => one.id === id)?.found).toBe(
    'client secret "unnamed", keyId secret, which never ends',
  );
});

test("an object's own policy that could not be read is unread, whatever the tenant's says", async () => {
  const section = await compare({ application: refusal(403, "Authorization_RequestDenied") });
  expect(found(section)).toEqual([]);
  expect(section.unread).toMatchObject([
    { denied: true, reason: expect.stringContaining("Application.Read.All") },
  ]);
  expect(section.unread[0]).not.toHaveProperty("optional");
});

test("an answer that failed otherwise is unread, and fails the run", async () => {
  const { unread } = await compare({ tenant: refusal(503, "serviceNotAvailable") });
  expect(unread).toEqual([expect.objectContaining({ denied: false })]);
  expect(unread[0]).not.toHaveProperty("optional");
});

function own(keyCredentials: Restriction[]): OwnPolicy {
  return { displayName: "Exchange", isEnabled: true, restrictions: { keyCredentials } };
}

type Restrictions = NonNullable<TenantPolicy["applicationRestrictions"]>;

function tenant(applicationRestrictions: Restrictions, policy: Partial<TenantPolicy> = {}) {
  return { ok: true, value: { isEnabled: true, applicationRestrictions, ...policy } } as const;
}

function audited(restrictions: Restrictions, application?: object): Promise<Section> {
  return compare({ tenant: tenant(restrictions) }, application ? { application } : {});
}

async function compare(
  policies: Partial<ReadPolicies>,
  { application = { keyCredentials: [certificate] }, servicePrincipal = {} }: Record<string, object> = {},
): Promise<Section> {
  const bodies = untouchedBodies();
  const createdDateTime = "2026-01-01T00:00:00Z";
  const { section } = compareAccess({
    name: "exchange",
    objects,
    declared: declared(),
    observed: await observedFrom({
      ...bodies,
      application: { ...(bodies.application as object), createdDateTime, ...application },
      servicePrincipal: { ...(bodies.servicePrincipal as object), createdDateTime, ...servicePrincipal },
    }),
    ...nothingElse,
    policies: { ...nothingElse.policies, ...policies },
    graphUrl: "https://graph.microsoft.com",
    now: new Date("2026-11-23T09:00:00Z"),
  });
  return { ...section, unread: section.unread.filter(({ check }) => check.includes("policy")) };
}

function found({ findings }: Section): readonly string[] {
  return findings.filter((one) => one.id === id).map(({ subject }) => subject);
}
