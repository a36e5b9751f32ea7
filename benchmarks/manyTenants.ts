import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as v from "valibot";

import { auditPermissions } from "../operations/audit/rules.ts";
import { runCommand } from "../sandbox/workspace/runCommand.ts";
import type { TenantSeed } from "../sandbox/tenant/index.ts";
import { startTenantServer } from "../sandbox/tenant/index.ts";
import { trustInThisProcess } from "../sandbox/workspace/trust.ts";
import type { Row } from "./benchmark.ts";

const latencyMs = 100;

/** How many applications are made at once. */
const atOnce = 50;

/** What it takes to audit an untouched application in each of many tenants, at 100 ms of latency. */
export async function auditManyTenants(count: number): Promise<readonly Row[]> {
  const seeds = Array.from({ length: count }, (_, index) => seedOf(index));
  const server = await startTenantServer({ seeds, latencyMs });
  const folder = mkdtempSync(path.join(tmpdir(), "exchange-auth-bench-"));
  try {
    trustInThisProcess(server.certificateAuthorityPem);
    const authority = path.join(folder, "authority.pem");
    writeFileSync(authority, server.certificateAuthorityPem);
    const tenants: Record<string, string>[] = [];
    for (let index = 0; index < count; index += atOnce) {
      const some = seeds.slice(index, index + atOnce);
      tenants.push(...(await Promise.all(some.map((seed) => targetIn(server.url, seed)))));
    }
    const script = path.join(import.meta.dirname, "auditTenants.ts");
    const { stdout, stderr } = await runCommand(process.execPath, [script], {
      env: {
        ...process.env,
        ARM_METADATA_HOSTNAME: new URL(server.url).host,
        NODE_EXTRA_CA_CERTS: authority,
      },
      input: JSON.stringify(tenants),
    });
    if (stdout === "") throw new Error(stderr);
    const { findings, ms, megabytes } = v.parse(Outcome, JSON.parse(stdout));
    if (findings > 0) throw new Error(`An audit of untouched tenants has ${findings} findings.`);
    const what = `audit of ${count} tenants at ${latencyMs} ms latency`;
    return [
      { figure: what, value: ms, unit: "ms", atMost: 60_000 },
      { figure: `memory of the ${what}`, value: megabytes, unit: "MB", atMost: 250 },
    ];
  } finally {
    await server.close();
    rmSync(folder, { recursive: true });
  }
}

const Outcome = v.object({ findings: v.number(), ms: v.number(), megabytes: v.number() });

function seedOf(index: number): TenantSeed {
  return {
    tenantId: randomUUID(),
    initialDomain: `tenant${index}.onmicrosoft.com`,
    deployer: {
      clientId: randomUUID(),
      clientSecret: "benchmark-secret",
      permissions: [...auditPermissions, "Application.ReadWrite.All"],
    },
  };
}

/** A new application in a tenant, with the identity that is to look at it. */
async function targetIn(url: string, { tenantId, deployer }: TenantSeed): Promise<Record<string, string>> {
  const { clientId, clientSecret } = deployer;
  const form = {
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
    scope: `${url}/.default`,
  };
  const signIn = await fetch(`${url}/${tenantId}/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams(form),
  });
  const { access_token: token } = v.parse(v.object({ access_token: v.string() }), await signIn.json());
  const post = async (collection: string, body: object): Promise<{ id: string; appId: string }> => {
    const response = await fetch(`${url}/v1.0/${collection}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return v.parse(v.object({ id: v.string(), appId: v.string() }), await response.json());
  };
  const application = await post("applications", { displayName: "Exchange" });
  const principal = await post("servicePrincipals", { appId: application.appId });
  return {
    tenantId,
    clientId,
    clientSecret,
    applicationObjectId: application.id,
    servicePrincipalObjectId: principal.id,
  };
}
