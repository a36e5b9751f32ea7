import { afterAll, beforeAll, expect, test } from "vitest";
import * as v from "valibot";
import { childTypes } from "../../../common/typeTokens.ts";
import { createGraphClient } from "../../../graph/graphClient.ts";
import { createCredential } from "../../../graph/signIn.ts";
import { componentParts } from "../../../operations/ownership/componentParts.ts";
import { findFederatedCredentials } from "../../../operations/repair/findFederatedCredentials.ts";
import { createApplication, startTestTenant, type TestTenant } from "../../graph/testTenant.ts";
import { planned } from "./stack.ts";

let tenant: TestTenant;

beforeAll(async () => {
  tenant = await startTestTenant();
});
afterAll(() => tenant.server.close());

const job = { issuer: "https://issuer.example", subject: "job", audiences: ["a"] };

test("imports one that is as declared, and leaves alone what only has its name", async () => {
  const { applicationObjectId: id } = await createApplication(tenant);
  const path = `/applications/${id}/federatedIdentityCredentials`;
  const add = async (body: object): Promise<string> => {
    const made = await tenant.write("POST", path, { ...job, ...body });
    return v.parse(v.object({ id: v.string() }), made).id;
  };
  const first = await add({ name: "first" });
  const second = await add({ name: "second", subject: "other" });
  await add({ name: "beside", subject: "another" });
  const component = planned("exchange-auth:index:ExchangeAppOnlyAuth", "exchange");
  const wanted = ["first", "second", "third"].map((name) =>
    planned(
      childTypes.federatedCredential,
      `exchange-federated-${name}`,
      { ...job, displayName: name, applicationId: `/applications/${id}` },
      component.urn,
    ),
  );
  const [parts] = componentParts([], [component, ...wanted]);
  const graph = createGraphClient(
    createCredential(tenant.deployer, tenant.endpoints),
    tenant.endpoints.graph,
  );
  expect(await findFederatedCredentials(graph, parts!, id)).toEqual([
    {
      leftover: {
        component: "exchange",
        kind: "federatedCredential",
        id: `${path}/${first}`,
        title: "federated credential exchange-federated-first",
        action: "import",
        urn: wanted[0]?.urn,
      },
      importId: `${id}/federatedIdentityCredential/${first}`,
    },
    {
      leftover: {
        component: "exchange",
        kind: "federatedCredential",
        id: `${path}/${second}`,
        title: "federated credential exchange-federated-second",
        action: "keep",
        reasons: ["it trusts other of https://issuer.example, which is not what the program declares"],
      },
    },
  ]);
});
