import { afterEach, beforeEach, expect, test } from "vitest";
import { childTypes } from "../../../common/typeTokens.ts";
import { createGraphClient } from "../../../graph/graphClient.ts";
import { createRemover, type Removal } from "../../../graph/removal.ts";
import { createCredential } from "../../../graph/signIn.ts";
import type { Leftover } from "../../../operations/repair/leftover.ts";
import { requireUnchanged } from "../../../operations/repair/requireUnchanged.ts";
import { repair } from "../../../operations/repair/repair.ts";
import type { StackResource } from "../../../stack/resource.ts";
import { startTestTenant, type TestTenant } from "../../graph/testTenant.ts";
import { known, planned } from "./stack.ts";

const displayName = "Exchange jobs";
const description = "exchange-auth p/s/exchange";
const component = planned("exchange-auth:index:ExchangeAppOnlyAuth", "exchange");
const wanted = planned(childTypes.application, "exchange", { displayName }, component.urn);

let tenant: TestTenant;

beforeEach(async () => {
  tenant = await startTestTenant();
});

afterEach(() => tenant.server.close());

/** Deletes an application that only says it is the stack's, while something happens in between. */
async function deleteOne(
  meanwhile: (made: { readonly path: string; readonly id: string }) => Promise<void>,
  stateOf: (made: { readonly id: string }) => readonly StackResource[] = () => [component],
): Promise<{ readonly failure: unknown; readonly removed: readonly Removal[]; readonly appId: unknown }> {
  const made = await tenant.write("POST", "/applications", { displayName, description });
  const id = String(made["id"]);
  const credential = createCredential(tenant.deployer, tenant.endpoints);
  const remove = createRemover(credential, tenant.endpoints.graph, {});
  const removed: Removal[] = [];
  const failure = await repair({
    known: [component],
    planned: [component, wanted],
    component: undefined,
    graph: createGraphClient(credential, tenant.endpoints.graph),
    deployer: { clientId: tenant.seed.deployer.clientId, objectId: undefined },
    choice: { kind: "delete", objectId: id },
    apply: {
      importInto: () => meanwhile({ path: `/applications/${id}`, id }),
      knownNow: async () => stateOf({ id }),
      remove: async (removal) => {
        removed.push(removal);
        return remove(removal);
      },
    },
  }).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { failure, removed, appId: made["appId"] };
}

const nothing = async (): Promise<void> => undefined;

test("what is as it was read is deleted", async () => {
  const { failure, removed } = await deleteOne(nothing);
  expect(failure).toBeUndefined();
  expect(removed).toHaveLength(1);
});

test("what another update has taken into the state meanwhile is not deleted", async () => {
  const { failure, removed, appId } = await deleteOne(nothing, ({ id }) => [
    component,
    known(childTypes.application, "exchange", { objectId: id }, component.urn),
  ]);
  expect(removed).toEqual([]);
  expect(failure).toMatchObject({
    code: "EXO_AUTH_OUTDATED",
    message: expect.stringContaining(`application "Exchange jobs" (${String(appId)}), created `),
  });
  expect(String(failure)).toMatch(
    /Nothing was deleted: application "Exchange jobs" .* is not what this command read, because another update has taken it into the state meanwhile\. Run `exo-auth repair` again, and look at it\.$/,
  );
});

test("what the state has under its ID is not deleted, and others like it do not count", () => {
  const wantedOne: Leftover = {
    component: "exchange",
    kind: "consent",
    id: "a/b",
    title: "the consent",
    action: "delete",
  };
  const other = { ...wantedOne, id: "c/d", title: "another one" };
  const leftovers = [other, wantedOne];
  expect(() => requireUnchanged(wantedOne, { known: [component], leftovers })).not.toThrow();
  expect(() => requireUnchanged(wantedOne, { known: [{ ...component, id: "a/b" }], leftovers })).toThrow(
    "Nothing was deleted: the consent is not what this command read, because another update has taken it into the state meanwhile.",
  );
  expect(() => requireUnchanged(wantedOne, { known: [component], leftovers: [other] })).toThrow(
    "because it changed in the tenant meanwhile.",
  );
});

test.each<[string, (path: string) => Promise<unknown>]>([
  ["a secret was added", (path) => tenant.write("POST", `${path}/addPassword`, {})],
  [
    "its name changed",
    (path) => tenant.write("PATCH", path, { displayName: `TERRAFORM_UPDATE_${displayName}` }),
  ],
  ["it is gone", (path) => tenant.write("DELETE", path)],
  ["its description no longer says so", (path) => tenant.write("PATCH", path, { description: "payroll" })],
])("what changed in the tenant is not deleted: %s", async (_what, change) => {
  const { failure, removed } = await deleteOne(async ({ path }) => void (await change(path)));
  expect(removed).toEqual([]);
  expect(String(failure)).toContain("because it changed in the tenant meanwhile.");
});
