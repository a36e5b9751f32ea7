import { Agent, request, type RequestOptions } from "node:https";
import { performance } from "node:perf_hooks";

import { startTenantServer, type TenantSeed, type TenantServer } from "../sandbox/tenant/index.ts";
import type { Row } from "./benchmark.ts";
import { medianTimes } from "./measure.ts";

const count = 2000;
const connections = 8;

export const name = "tenant";

/** How quickly the sandbox's tenant is there, and how much it answers; the load comes from the same process. */
export async function run(): Promise<readonly Row[]> {
  const { ready } = await medianTimes(5, { ready: async () => (await startTenantServer()).close() });
  const tenant = await startTenantServer();
  const agent = new Agent({ ca: tenant.certificateAuthorityPem, keepAlive: true, maxSockets: connections });
  try {
    const token = await signIn(tenant, agent);
    const headers = { Authorization: `Bearer ${token}` };
    const get = () => send(`${tenant.url}/v1.0/applications`, { agent, headers });
    await Promise.all(Array.from({ length: connections }, get));
    const start = performance.now();
    await Promise.all(Array.from({ length: count }, get));
    const seconds = (performance.now() - start) / 1000;
    return [
      { figure: "start and stop", value: ready, unit: "ms", atMost: 300 },
      {
        figure: `GET /v1.0/applications, ${connections} connections`,
        value: count / seconds,
        unit: "requests/s",
      },
      { figure: "memory of 1,000 tenants", value: await memoryOfTenants(1000), unit: "MB" },
    ];
  } finally {
    agent.destroy();
    await tenant.close();
  }
}

/** What so many tenants in one server add to this process. */
async function memoryOfTenants(tenants: number): Promise<number> {
  const seeds = Array.from({ length: tenants }, (_, index): TenantSeed => {
    const prefix = String(index).padStart(8, "0");
    return {
      tenantId: `${prefix}-aaaa-4aaa-8aaa-aaaaaaaaaaaa`,
      initialDomain: `tenant${index}.onmicrosoft.com`,
      deployer: { clientId: `${prefix}-bbbb-4bbb-8bbb-bbbbbbbbbbbb`, clientSecret: "s" },
    };
  });
  const before = process.memoryUsage().rss;
  const server = await startTenantServer({ seeds });
  const after = process.memoryUsage().rss;
  await server.close();
  return (after - before) / 1_000_000;
}

async function signIn(tenant: TenantServer, agent: Agent): Promise<string> {
  const [seed] = tenant.seeds;
  if (seed === undefined) throw new Error("The tenant server has no tenant.");
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: seed.deployer.clientId,
    client_secret: seed.deployer.clientSecret,
    scope: `${tenant.url}/.default`,
  }).toString();
  const headers = { "Content-Type": "application/x-www-form-urlencoded" };
  const answer = await send(
    `${tenant.url}/${seed.tenantId}/oauth2/v2.0/token`,
    { method: "POST", agent, headers },
    body,
  );
  const { access_token: token } = JSON.parse(answer) as { access_token: string };
  return token;
}

function send(url: string, options: RequestOptions, body?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.once("error", reject).once("end", () => {
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`${url} answered ${response.statusCode}: ${text}`));
      });
    });
    sent.once("error", reject).end(body);
  });
}
