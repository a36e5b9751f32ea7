import { afterAll, beforeAll, expect, test } from "vitest";
import * as v from "valibot";
import { createGraphClient } from "../../../graph/graphClient.ts";
import { checkPolicies, readPolicyHolders } from "../../../operations/preflight/readPolicies.ts";
import { TenantApplication } from "../../../operations/preflight/twins.ts";
import type { ScriptedServer } from "../../graph/scriptedServer.ts";
import { fixedCredential, startScriptedServer } from "../../graph/scriptedServer.ts";

let server: ScriptedServer;

beforeAll(async () => {
  server = await startScriptedServer();
});
afterAll(() => server.close());

const lifetime = {
  restrictionType: "asymmetricKeyLifetime",
  state: "enabled",
  maxLifetime: "P90D",
  restrictForAppsCreatedAfterDateTime: "2026-01-01T00:00:00Z",
  excludeActors: null,
};

test("an application of which Graph does not know when it was made is an old one", async () => {
  const own = { displayName: null, isEnabled: true, restrictions: { keyCredentials: [lifetime] } };
  server.answer({
    status: 200,
    body: {
      responses: [
        { id: "0", status: 200, body: { value: [own] } },
        { id: "1", status: 200, body: { id: "ID", createdDateTime: null } },
      ],
    },
  });
  const graph = createGraphClient(fixedCredential, { url: server.url, scope: "scope" });
  const certificates = [{ name: "c", validityDays: 364, selfSigned: true, applicationObjectId: "ID" }];
  const findings = await checkPolicies(graph, {
    certificates,
    tenantPolicy: { ok: true, value: { isEnabled: false, applicationRestrictions: null } },
    holders: await readPolicyHolders(graph, certificates),
    claims: { tid: "T", aud: "A", roles: [], wids: [], exp: 0 },
    now: new Date(),
  });
  expect(findings).toEqual([
    { kind: "passed", message: 'the application\'s own app management policy "" allows the certificate' },
  ]);
});

test("an application without a name or a description is read", () => {
  const twin = { id: "1", appId: "2", displayName: null, description: null };
  expect(v.parse(TenantApplication, twin)).toEqual(twin);
});
