import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { repairView } from "../../../cli/views/repairView.ts";
import { componentType } from "../../../common/typeTokens.ts";
import { openRoleReader } from "../../../operations/grant/roleReading.ts";
import { ownName } from "../../../operations/grant/ownNames.ts";
import { componentParts } from "../../../operations/ownership/componentParts.ts";
import { findRoleGroups, type OpenRoles } from "../../../operations/repair/findRoleGroups.ts";
import { createApplication, startTestTenant, type TestTenant } from "../../graph/testTenant.ts";
import { prepareGrantTenant } from "../grant/exchangeTenant.ts";
import { known, planned } from "./stack.ts";

let tenant: TestTenant;

beforeAll(async () => {
  tenant = await startTestTenant();
});
afterAll(() => tenant.server.close());

const declaring = { exchangeRoleGroups: ["Help Desk"] };

/** A component whose state has these outputs; none where there is no state. */
function partsOf(
  outputs?: Readonly<Record<string, unknown>>,
  inputs: Readonly<Record<string, unknown>> = {},
) {
  const state = outputs === undefined ? [] : [{ ...known(componentType, "exchange", outputs, ""), inputs }];
  const [parts] = componentParts(state, [planned(componentType, "exchange", inputs)]);
  return parts!;
}

const whose = { project: "p", stack: "s", component: "exchange" };

test("what a renamed stack, and an application that is gone, left in Exchange is found", async () => {
  const { run, subject, job } = await prepareGrantTenant(tenant);
  const { identity } = await createApplication(tenant, {
    roles: ["Global Reader"],
    securityAndCompliance: true,
  });
  const { seed, endpoints } = tenant;
  const open: OpenRoles = (service, tenantDomain) =>
    openRoleReader({ tenantId: seed.tenantId, tenantDomain }, service, {
      identity,
      endpoints,
      signal: new AbortController().signal,
    });
  const renamed = { ...subject({ groups: ["Help Desk"] }), ...whose, stack: "old" };
  await run(renamed);
  const own = { ...subject({ groups: ["Help Desk"] }, { groups: ["Security Reader"] }), ...whose };
  await run(own);

  const outputs = {
    servicePrincipalObjectId: job.servicePrincipalObjectId,
    tenantDomain: seed.initialDomain,
  };
  const left = {
    component: "exchange",
    service: "Exchange Online",
    name: ownName(renamed),
    about:
      "was created by exo-auth for p/old, component exchange, with this application. If that stack was renamed or is gone, remove it",
    removal: `Remove-RoleGroup -Identity '${ownName(renamed)}' -Confirm:$false`,
  };
  expect(await findRoleGroups(partsOf(outputs), open)).toEqual({ roleGroups: [left], notRead: [] });

  // After `pulumi destroy`, without `exo-auth grant --remove` before it.
  const about =
    "was created for this component with another application, or somebody renamed it. If nothing uses it, remove it";
  expect(await findRoleGroups(partsOf(undefined, declaring), open)).toEqual({
    roleGroups: [
      {
        ...left,
        name: ownName(own),
        about,
        removal: `Remove-RoleGroup -Identity '${ownName(own)}' -Confirm:$false`,
      },
    ],
    notRead: ["Security & Compliance: the state does not say the tenant's domain"],
  });
  const gone = { ...outputs, servicePrincipalObjectId: job.applicationObjectId };
  const both = await findRoleGroups(partsOf(gone), open);
  expect(both.roleGroups.map(({ service, name }) => [service, name])).toEqual([
    ["Exchange Online", ownName(own)],
    ["Security & Compliance", ownName(own)],
  ]);
});

const closed: OpenRoles = async (service) => `no right in ${service}`;

test("who may not read says so, for a component that declares roles", async () => {
  const outputs = { tenantDomain: "contoso.onmicrosoft.com" };
  expect(await findRoleGroups(partsOf(outputs, declaring), closed)).toEqual({
    roleGroups: [],
    notRead: [
      "Exchange Online: no right in exchangeOnline",
      "Security & Compliance: no right in securityAndCompliance",
    ],
  });
  expect(await findRoleGroups(partsOf(outputs), closed)).toEqual({ roleGroups: [], notRead: [] });
});

test("a person reads what is left, and what removes it", () => {
  const text = repairView({
    repaired: false,
    leftovers: [],
    usedMarkers: [],
    roleGroups: [
      {
        component: "exchange",
        service: "Exchange Online",
        name: "X",
        about: "is old. Remove it",
        removal: "Remove-RoleGroup X",
      },
    ],
    roleGroupsNotRead: ["Security & Compliance: the identity lacks a right"],
  });
  expect(stripVTControlCharacters(text)).toBe(
    'There is nothing to repair.\n- left in Exchange Online: exchange: the role group "X" is old. Remove it: Remove-RoleGroup X\n- role groups that may be left were not read in Security & Compliance: the identity lacks a right\n',
  );
});
