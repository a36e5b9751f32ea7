import { expect, test } from "vitest";
import { ownDescription } from "../../common/marker.ts";
import { childTypes } from "../../common/typeTokens.ts";
import { compareAccess } from "../../operations/audit/compareAccess.ts";
import { auditIdentities } from "../../operations/audit/identities.ts";
import { observeAccess } from "../../operations/audit/observedAccess.ts";
import { readTenantWide } from "../../operations/audit/tenantWide.ts";
import { findApplications } from "../../operations/repair/findApplications.ts";
import { findLeftovers } from "../../operations/repair/findLeftovers.ts";
import type { Expected } from "../../operations/repair/inspect.ts";
import { applicationState } from "../../operations/tenant/applicationState.ts";
import { readBlockLifters } from "../../operations/tenant/blockLifters.ts";
import { nullTenant } from "../graph/nullTenant.ts";
import { declared, objects } from "./audit/sampleAccess.ts";
import { planned } from "./repair/stack.ts";

// Graph's metadata lets most properties be null, and its answers have such objects: old ones, other tools' ones.
const graph = nullTenant();
const own = ownDescription("p", "s", "exchange");
const nobody: Expected = {
  deployerClientId: undefined,
  deployerObjectId: undefined,
  owners: [],
  keys: new Set(),
  permissions: new Set(),
  federated: new Set(),
  roles: new Set(),
};
const parts = {
  name: "exchange",
  project: "p",
  stack: "s",
  self: [],
  tenantDomain: undefined,
  own,
  marker: undefined,
  displayNames: ["Exchange"],
  isNameSecret: false,
  known: [],
  planned: [
    planned(childTypes.application, "exchange"),
    planned(childTypes.servicePrincipal, "exchange"),
    planned(childTypes.appRoleAssignment, "exchange-consent", { principalObjectId: "P" }),
    planned(childTypes.directoryRoleAssignment, "exchange-role", { principalObjectId: "P" }),
  ],
};

test("repair: an application without a name, a client ID or a date is found", async () => {
  const found = await findApplications(
    nullTenant({ application: { description: own } }),
    parts,
    nobody,
    undefined,
  );
  expect(found.map(({ leftover: { title, action } }) => ({ title, action }))).toEqual([
    { title: 'application "unnamed" (none), created at an unknown time', action: "keep" },
  ]);
  expect(found[0]?.leftover.hangs).toContain("certificate none, SHA-256 unknown, without an end");
});

test("repair: a service principal without a name is found, and what names nobody is nobody's", async () => {
  const deployer = { clientId: undefined, objectId: undefined };
  const found = await findLeftovers(
    nullTenant({ application: { description: own, appId: "CLIENT" } }),
    parts,
    deployer,
    "ID",
  );
  expect(found.map(({ leftover: { title } }) => title)).toEqual([
    'application "unnamed" (CLIENT), created at an unknown time',
    'service principal "unnamed"',
  ]);
});

test("audit: every part is read, and what stands there without an id is found and not removed", async () => {
  const observed = await observeAccess(graph, objects, declared());
  expect(Object.values(observed.observed).filter(({ ok }) => !ok)).toEqual([]);
  const { section, removals } = compareAccess({
    ...observed,
    name: "exchange",
    objects,
    declared: declared(),
    userRoles: { missing: [], unread: [] },
    graphUrl: "https://graph.microsoft.com",
    now: new Date("2026-11-27T00:00:00Z"),
  });
  const credentials = section.findings.filter(({ id }) => /(CERTIFICATE|PASSWORD)$/.test(id));
  expect(credentials.map(({ id, found }) => `${id}: ${found}`)).toEqual([
    'EXO-AUDIT-APPLICATION-CERTIFICATE: a key that is not a certificate, "unnamed" (no type, no usage), keyId none, without an end',
    'EXO-AUDIT-APPLICATION-PASSWORD: "unnamed", keyId none, without an end',
    'EXO-AUDIT-SERVICE-PRINCIPAL-CERTIFICATE: a key that is not a certificate, "unnamed" (no type, no usage), keyId none, without an end',
    'EXO-AUDIT-SERVICE-PRINCIPAL-PASSWORD: "unnamed", keyId none, without an end',
  ]);
  expect(credentials.filter((finding) => removals.has(finding))).toEqual([]);
});

test("audit of identities and of the whole tenant", async () => {
  const target = { graph, component: { tenantDomain: "contoso.onmicrosoft.com" } };
  const [identity] = await auditIdentities([target], ["CLIENT"], []);
  expect(identity?.unread).toEqual([]);
  expect(identity?.findings.map(({ id }) => id)).toEqual([
    "EXO-IDENTITY-CERTIFICATE",
    "EXO-IDENTITY-CERTIFICATE",
    "EXO-IDENTITY-OWNER",
    "EXO-IDENTITY-OWNER",
    "EXO-IDENTITY-OWNER",
    "EXO-IDENTITY-RIGHT",
    "EXO-IDENTITY-RIGHT",
    "EXO-IDENTITY-RIGHT",
    "EXO-IDENTITY-RIGHT",
    "EXO-IDENTITY-RIGHT",
    // In each of four lists a holder, and of its group a member, an owner and somebody who can become one.
    ...Array<string>(16).fill("EXO-IDENTITY-SCOPED-ROLE"),
    "EXO-IDENTITY-SECRET",
    "EXO-IDENTITY-SECRET",
  ]);
  const [tenant] = await readTenantWide([target]);
  expect(tenant?.notRead).toEqual([]);
});

test("block: an application and those who could lift it", async () => {
  expect(await applicationState(graph, objects)).toBe("present");
  const { couldLift, notRead } = await readBlockLifters(graph, objects);
  expect(couldLift).toEqual(['owner "unnamed", object ID ID', "application VALUE, which manages it"]);
  expect(notRead).toEqual([]);
});
