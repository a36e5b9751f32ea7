import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { defaultSeed, startTenantServer, type TenantServer } from "../../../sandbox/tenant/index.ts";
import { textOf } from "../../../sandbox/tenant/json.ts";
import { connect, createApplication, itemsOf, startTestTenant } from "./client.ts";

test("what was written is there when a server starts on the same file, and a reset forgets it", async () => {
  const dataFile = temporaryFile();
  const first = await startTestTenant({ dataFile });
  const { id, principalId } = await createApplication(first);
  await first.graph("POST", `/v1.0/applications/${id}/owners/$ref`, {
    "@odata.id": `${first.server.url}/v1.0/servicePrincipals/${principalId}`,
  });
  const second = await startTestTenant({ dataFile });
  expect((await second.graph("GET", `/v1.0/applications/${id}`)).body.displayName).toBe("Jobs");
  expect(itemsOf(await second.graph("GET", `/v1.0/applications/${id}/owners?$select=id`))).toEqual([
    { "@odata.type": "#microsoft.graph.servicePrincipal", id: principalId },
  ]);
  second.server.reset();
  expect((await second.graph("GET", `/v1.0/applications/${id}`)).status).toBe(404);
  const third = await startTestTenant({ dataFile });
  expect(itemsOf(await third.graph("GET", "/v1.0/applications"))).toHaveLength(1);
});

test("a tenant begun anew has the same ids for what its seed names", async () => {
  const ids = await Promise.all(
    [1, 2].map(async () => {
      const tenant = await startTestTenant();
      return itemsOf(await tenant.graph("GET", "/v1.0/servicePrincipals")).map((principal) => principal.id);
    }),
  );
  expect(ids[0]).toEqual(ids[1]);
  expect(ids[0]).toHaveLength(5);
});

test("no secret stands in the data file", async () => {
  const dataFile = temporaryFile();
  const tenant = await startTestTenant({ dataFile });
  const { id } = await createApplication(tenant);
  const { body } = await tenant.graph("POST", `/v1.0/applications/${id}/addPassword`, {});
  const content = readFileSync(dataFile, "utf8");
  expect(content).toContain(textOf(body.keyId));
  expect(content).not.toContain(textOf(body.secretText));
  expect(content).not.toContain(defaultSeed.deployer.clientSecret);
});

test("a half-written file is never read", async () => {
  const dataFile = temporaryFile();
  const first = await startTestTenant({ dataFile });
  const { id } = await createApplication(first);
  writeFileSync(`${dataFile}.partial`, readFileSync(dataFile, "utf8").slice(0, 100));
  const second = await startTestTenant({ dataFile });
  expect((await second.graph("GET", `/v1.0/applications/${id}`)).status).toBe(200);
});

test("a file of another version is refused by name", async () => {
  const dataFile = temporaryFile();
  writeFileSync(dataFile, JSON.stringify({ version: 0, tenants: [] }));
  await expect(startTenantServer({ dataFile })).rejects.toThrow(
    `The sandbox's data file "${dataFile}" has the form of another version, got 0. Delete it to begin again.`,
  );
});

test("a damaged file is refused by name", async () => {
  const dataFile = temporaryFile();
  writeFileSync(dataFile, '{"version": 2, "tena');
  await expect(startTenantServer({ dataFile })).rejects.toThrow(
    `The sandbox's data file "${dataFile}" is damaged. Delete it to begin again.`,
  );
});

test("a reset in the middle of writes is a reset", async () => {
  const dataFile = temporaryFile();
  const tenant = await startTestTenant({ dataFile });
  await tenant.deployerToken();
  const writes = Array.from({ length: 20 }, () =>
    tenant.graph("POST", "/v1.0/applications", { displayName: "Jobs" }),
  );
  await writes[0];
  tenant.server.reset();
  const statuses = (await Promise.all(writes)).map((answer) => answer.status);
  const inMemory = itemsOf(await tenant.graph("GET", "/v1.0/applications?$top=999")).length;
  const again = await startTestTenant({ dataFile });
  expect(new Set(statuses)).toEqual(new Set([201]));
  expect(itemsOf(await again.graph("GET", "/v1.0/applications?$top=999"))).toHaveLength(inMemory);
});

test("nothing that was acknowledged is lost when the process is killed", async () => {
  const dataFile = temporaryFile();
  const child = fork(join(import.meta.dirname, "killedServer.ts"), [dataFile], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const [started] = await once(child, "message");
  const server: Pick<TenantServer, "url" | "certificateAuthorityPem"> = started;
  const agent = new Agent({ ca: server.certificateAuthorityPem, keepAlive: true });
  const tenant = connect(server, agent, defaultSeed);
  await tenant.deployerToken();
  const acknowledged: string[] = [];
  const writers = Array.from({ length: 4 }, async (_, writer) => {
    for (let count = 0; ; count += 1) {
      const displayName = `${writer}-${count}`;
      const answer = await tenant.graph("POST", "/v1.0/applications", { displayName }).catch(() => undefined);
      if (answer?.status !== 201) return;
      acknowledged.push(displayName);
      if (acknowledged.length === 40) child.kill("SIGKILL");
    }
  });
  await Promise.all(writers);
  agent.destroy();
  const again = await startTestTenant({ dataFile });
  const list = itemsOf(await again.graph("GET", "/v1.0/applications?$top=999&$select=displayName"));
  const found = new Set(list.map((item) => textOf(item.displayName)));
  expect(acknowledged.length).toBeGreaterThanOrEqual(40);
  expect(acknowledged.filter((name) => !found.has(name))).toEqual([]);
});

test("writers beside one another lose nothing", async () => {
  const tenant = await startTestTenant({ dataFile: temporaryFile() });
  const names = Array.from({ length: 60 }, (_, count) => `Jobs ${count}`);
  const created = await Promise.all(
    names.map((displayName) => tenant.graph("POST", "/v1.0/applications", { displayName })),
  );
  expect(new Set(created.map((answer) => answer.status))).toEqual(new Set([201]));
  const list = itemsOf(await tenant.graph("GET", "/v1.0/applications?$top=999&$select=displayName"));
  expect(new Set(list.map((item) => item.displayName))).toEqual(new Set(["Deployment", ...names]));
  expect(list).toHaveLength(61);
});

function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "tenant-store-"));
  onTestFinished(() => {
    if (existsSync(folder)) rmSync(folder, { recursive: true });
  });
  return join(folder, "tenant.json");
}
