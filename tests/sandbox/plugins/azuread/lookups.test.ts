import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import type { JsonObject } from "../recordings.ts";
import { createIdentity, settingsOf, startPluginOnTenant, types, type PluginOnTenant } from "./tenant.ts";

const lookups = {
  application: "azuread:index/getApplication:getApplication",
  appIds: "azuread:index/getApplicationPublishedAppIds:getApplicationPublishedAppIds",
  clientConfig: "azuread:index/getClientConfig:getClientConfig",
  domains: "azuread:index/getDomains:getDomains",
  principal: "azuread:index/getServicePrincipal:getServicePrincipal",
  user: "azuread:index/getUser:getUser",
};
const nobody = "0f6c1d2e-3b4a-4958-8776-655443322110";

let plugin: PluginOnTenant;
beforeAll(async () => {
  plugin = await startPluginOnTenant();
});
afterEach(() => plugin.tenant.faults.clear());
afterAll(async () => plugin.close());

it("tell who the plugin is without a request", async () => {
  plugin.tenant.clearRequests();
  const { tenantId, clientId } = settingsOf(plugin.tenant);
  const found = await plugin.hand.invoke(lookups.clientConfig, {});
  expect(found).toMatchObject({ tenantId, clientId });
  const principal = await plugin.hand.invoke(lookups.principal, { clientId });
  expect(found["objectId"]).toBe(principal["objectId"]);
});

it("name Microsoft's applications", async () => {
  const { result } = await plugin.hand.invoke(lookups.appIds, {});
  expect(result).toMatchObject({ Office365ExchangeOnline: "00000002-0000-0ff1-ce00-000000000000" });
});

describe("of domains", () => {
  it("find those that fit", async () => {
    const all = ["contoso.com", "contoso.onmicrosoft.com"];
    expect(new Set(await domainsFor({}))).toEqual(new Set(all));
    expect(await domainsFor({ onlyInitial: true })).toEqual(["contoso.onmicrosoft.com"]);
    expect(await domainsFor({ onlyDefault: true })).toEqual(["contoso.com"]);
  });

  it("refuse what excludes each other", async () => {
    const both = { onlyInitial: true, onlyDefault: true };
    await expect(plugin.hand.invoke(lookups.domains, both)).rejects.toThrow(
      "Conflicting configuration arguments",
    );
  });

  it("report what the tenant refuses", async () => {
    plugin.tenant.faults.refuse({ path: /domains/ }, { status: 403 });
    await expect(plugin.hand.invoke(lookups.domains, {})).rejects.toThrow(
      `invoking ${lookups.domains}: 1 error occurred:\n\t* listing domains: unexpected status 403`,
    );
  });
});

describe.each([
  ["application", lookups.application],
  ["principal", lookups.principal],
] as const)("of an %s", (kind, token) => {
  it("find the same by each key", async () => {
    const made = (await createIdentity(plugin.hand))[kind];
    const { clientId, objectId } = made.state;
    const byClientId = await plugin.hand.invoke(token, { clientId });
    expect(byClientId).toMatchObject({ clientId, objectId, id: made.id, displayName: "Jobs" });
    expect(await plugin.hand.invoke(token, { objectId })).toEqual(byClientId);
    await plugin.hand.delete(made);
  });

  it("refuse none and two keys", async () => {
    await expect(plugin.hand.invoke(token, {})).rejects.toThrow(/one of `client_id,.*` must be specified/);
    const two = { clientId: nobody, objectId: nobody };
    await expect(plugin.hand.invoke(token, two)).rejects.toThrow(
      /only one of `client_id,.*` can be specified/,
    );
  });

  it("refuse an argument that they do not know", async () => {
    await expect(plugin.hand.invoke(token, { clientId: nobody, nmae: "x" })).rejects.toThrow(/nmae/);
  });

  it("fail on what does not exist", async () => {
    const missing = /no applications found matching filter|No service principal found/;
    await expect(plugin.hand.invoke(token, { clientId: nobody })).rejects.toThrow(missing);
    await expect(plugin.hand.invoke(token, { objectId: nobody })).rejects.toThrow(/was not found/);
  });
});

it("do not choose between applications of one name", async () => {
  const { hand } = plugin;
  const displayName = "Twins";
  const first = await hand.create(types.application, { displayName });
  expect((await hand.invoke(lookups.application, { displayName }))["id"]).toBe(first.id);
  await hand.create(types.application, { displayName });
  await expect(hand.invoke(lookups.application, { displayName })).rejects.toThrow(
    "Multiple applications found",
  );
});

describe("of a user", () => {
  it("find one by each key", async () => {
    const userPrincipalName = "reports@contoso.com";
    const found = await plugin.hand.invoke(lookups.user, { userPrincipalName });
    expect(found).toMatchObject({ userPrincipalName, displayName: "Reports", accountEnabled: true });
    const { objectId } = found;
    expect((await plugin.hand.invoke(lookups.user, { objectId }))["userPrincipalName"]).toBe(
      userPrincipalName,
    );
  });

  it("fail on one who does not exist", async () => {
    const userPrincipalName = "nobody@contoso.com";
    await expect(plugin.hand.invoke(lookups.user, { userPrincipalName })).rejects.toThrow(
      `User with UPN "${userPrincipalName}" was not found`,
    );
  });
});

it("fail on a function that this plugin lacks, and say which it has", async () => {
  await expect(plugin.hand.invoke("azuread:index/getGroup:getGroup", {})).rejects.toThrow(
    /"azuread:index\/getGroup:getGroup" is unknown to this plugin\. It knows azuread:index\/getApplication:getApplication,/,
  );
});

async function domainsFor(args: JsonObject): Promise<unknown[]> {
  const { domains } = await plugin.hand.invoke(lookups.domains, args);
  return Array.isArray(domains) ? domains.map((domain: JsonObject) => domain["domainName"]) : [];
}
