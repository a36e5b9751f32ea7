import { afterEach, beforeEach, expect, test } from "vitest";
import { ApiError } from "../../graph/apiError.ts";
import { cloudEndpoints, cloudOfEnvironment, resolveEndpoints } from "../../graph/endpoints.ts";
import type { ScriptedServer } from "./scriptedServer.ts";
import { startScriptedServer } from "./scriptedServer.ts";
import { type Cloud, clouds } from "../../microsoft/clouds.ts";

let server: ScriptedServer;
let env: NodeJS.ProcessEnv;

// Each has a server of its own: a process reads a host's document once.
beforeEach(async () => {
  server = await startScriptedServer();
  env = { ARM_METADATA_HOSTNAME: new URL(server.url).host };
});
afterEach(() => server.close());

const document = {
  name: "Sandbox",
  authentication: { loginEndpoint: "https://login.example/" },
  microsoftGraphResourceId: "https://graph.example/",
};

test("Microsoft's own addresses, without a metadata host", async () => {
  expect(await resolveEndpoints("global", {})).toEqual({
    cloud: "global",
    authorityHost: "https://login.microsoftonline.com",
    graph: { url: "https://graph.microsoft.com", scope: "https://graph.microsoft.com/.default" },
    exchangeOnline: { url: "https://outlook.office365.com", scope: "https://outlook.office365.com/.default" },
    securityAndCompliance: {
      url: "https://ps.compliance.protection.outlook.com",
      scope: "https://ps.compliance.protection.outlook.com/.default",
    },
    keyVault: { url: "https://vault.azure.net", scope: "https://vault.azure.net/.default" },
    custom: false,
  });
});

test("DoD has addresses of its own, and GCC High's audiences", () => {
  const { graph, exchangeOnline, securityAndCompliance } = cloudEndpoints("usGovernmentDod");
  expect(graph.url).toBe("https://dod-graph.microsoft.us");
  expect(exchangeOnline).toEqual({
    url: "https://outlook-dod.office365.us",
    scope: "https://outlook.office365.us/.default",
  });
  expect(securityAndCompliance).toEqual({
    url: "https://l5.ps.compliance.protection.office365.us",
    scope: "https://ps.compliance.protection.office365.us/.default",
  });
});

test("a metadata document moves sign-in, Graph, Exchange and Key Vault, but not the audiences of the last two", async () => {
  server.answer({
    status: 200,
    body: {
      ...document,
      exchangeOnline: "https://exo.example/",
      securityAndCompliance: "https://scc.example",
      keyVault: "https://vault.example/",
    },
  });
  expect(await resolveEndpoints("global", env)).toEqual({
    cloud: "global",
    authorityHost: "https://login.example",
    graph: { url: "https://graph.example", scope: "https://graph.example/.default" },
    exchangeOnline: { url: "https://exo.example", scope: "https://outlook.office365.com/.default" },
    securityAndCompliance: {
      url: "https://scc.example",
      scope: "https://ps.compliance.protection.outlook.com/.default",
    },
    keyVault: { url: "https://vault.example", scope: "https://vault.azure.net/.default" },
    custom: true,
  });
  await resolveEndpoints("china", env);
  expect(server.seen.map(({ path }) => path)).toEqual(["/metadata/endpoints?api-version=2022-09-01"]);
});

test("a metadata document that knows no Exchange leaves Microsoft's", async () => {
  server.answer({ status: 200, body: document });
  expect((await resolveEndpoints("china", env)).exchangeOnline.url).toBe("https://partner.outlook.cn");
});

test.each([
  [{ status: 404, body: "no" }, /^The metadata host "localhost:\d+" answered 404 to GET https:.*: no$/],
  [{ status: 200, body: [document] }, /the answer is not of the documented form: /],
  [{ status: 200, body: { name: "x" } }, /the answer is not of the documented form: authentication: /],
])("says what is wrong with a metadata document (%#)", async (answer, message) => {
  server.answer(answer);
  await expect(resolveEndpoints("global", env)).rejects.toThrow(message);
  await expect(resolveEndpoints("global", env)).rejects.toThrow(ApiError);
  server.answer({ status: 200, body: document });
  expect((await resolveEndpoints("global", env)).graph.url).toBe("https://graph.example");
});

const environments: Readonly<Record<Cloud, readonly string[]>> = {
  global: ["public", "global"],
  usGovernmentHigh: ["USGovernment", "usgovernmentl4"],
  usGovernmentDod: ["usgovernmentl5", "dod"],
  china: ["china"],
};

test.each(Object.entries(environments))("the environments of %s are %j, and no other", (cloud, names) => {
  expect(clouds[cloud as Cloud].azureadEnvironments).toEqual(names.map((name) => name.toLowerCase()));
  for (const name of names) expect(cloudOfEnvironment(name)).toBe(cloud);
});

test("ARM_ENVIRONMENT german is of no cloud", () => {
  expect(cloudOfEnvironment("german")).toBeUndefined();
});
