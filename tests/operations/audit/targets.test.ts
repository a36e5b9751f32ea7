import { afterAll, beforeAll, expect, test } from "vitest";

import type { Identity } from "../../../graph/signIn.ts";
import { coalesced } from "../../../graph/coalesced.ts";
import { one } from "../../../graph/graphClient.ts";
import { NamedObject } from "../../../graph/objects.ts";
import { auditSubjects, auditTargets } from "../../../operations/audit/targets.ts";
import { publicStateOf } from "../../../stack/components.ts";
import { parseExport } from "../../../stack/exportedState.ts";
import { startTestTenant, type TestTenant } from "../../graph/testTenant.ts";
import { exportedComponent, exportOf } from "../../stack/exportedState.ts";

let tenant: TestTenant;

beforeAll(async () => {
  tenant = await startTestTenant();
});

afterAll(() => tenant.server.close());

/** What a component's record says that declares nothing. */
const nothing = {
  cloud: "global",
  signInAudience: "AzureADMyOrg",
  owners: [],
  permissions: [],
  roleTemplateIds: [],
  userRoles: [],
};

test("Graph's sign-in is the first, whatever is asked first, since most of what is read is Graph's", async () => {
  const resources = exportedComponent("production", "infrastructure", "exchange").map((resource) =>
    resource.type === "exchange-auth:index:ExchangeAppOnlyAuth" ? { ...resource, inputs: nothing } : resource,
  );
  const exported = parseExport(exportOf(resources));
  const [component] = publicStateOf(exported).components;
  if (component === undefined) throw new Error("no component");
  const own = { ...component, tenantId: tenant.seed.tenantId, tenantDomain: tenant.seed.initialDomain };
  const identity: Identity = { ...tenant.deployer };
  const fault = tenant.server.faults.throttle({ path: /oauth2/ }, 4000, 1);

  const [target] = await auditTargets(auditSubjects(exported, [own]), {
    stack: "production",
    env: tenant.env,
    signal: new AbortController().signal,
    reading: Promise.resolve({ identity, env: tenant.env }),
    readAnew: async (read) => read(exported),
  });
  const [roles, graph] = await Promise.allSettled([
    target?.exchangeRoles?.(),
    target && coalesced(target.graph).read(one("/organization", NamedObject)),
  ]);

  fault.remove();
  expect(graph).toMatchObject({ reason: { message: expect.stringMatching(/it asks for a wait of 4000 s/) } });
  const lacks = /^the identity lacks the permission Exchange.ManageAsApp for /;
  const unread = { denied: true, reason: expect.stringMatching(lacks) };
  expect(roles).toMatchObject({ value: { unread: [unread, unread] } });
});
