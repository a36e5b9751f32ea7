import { text } from "node:stream/consumers";
import * as v from "valibot";

import { createGraphClient } from "../graph/graphClient.ts";
import { createRemover } from "../graph/removal.ts";
import type { AuditTarget } from "../operations/audit/audit.ts";
import { audit } from "../operations/audit/audit.ts";
import { resolveEndpoints } from "../graph/endpoints.ts";
import { createCredential } from "../graph/signIn.ts";

/** What is to be audited, on standard input. */
const Tenants = v.array(
  v.object({
    tenantId: v.string(),
    clientId: v.string(),
    clientSecret: v.string(),
    applicationObjectId: v.string(),
    servicePrincipalObjectId: v.string(),
  }),
);
type Tenant = v.InferOutput<typeof Tenants>[number];

/** How many tenants are asked at once: they do not share Graph's limits. */
const concurrency = 12;

const endpoints = await resolveEndpoints("global", process.env);
const started = performance.now();
const waiting = [...v.parse(Tenants, JSON.parse(await text(process.stdin)))];
let findings = 0;
await Promise.all(Array.from({ length: concurrency }, work));
process.stdout.write(
  JSON.stringify({
    findings,
    ms: performance.now() - started,
    megabytes: process.resourceUsage().maxRSS / 1024,
  }),
);

async function work(): Promise<void> {
  for (let tenant = waiting.pop(); tenant; tenant = waiting.pop()) {
    const { sections } = await audit({
      state: { project: "benchmark", stack: tenant.tenantId, updated: new Date(0).toISOString() },
      targets: [targetOf(tenant)],
      baseline: [],
      fix: false,
      waitMs: 0,
      now: () => new Date(),
      pause: () => Promise.resolve(),
      progress: () => undefined,
    });
    findings += sections.reduce((sum, section) => sum + section.findings.length + section.unread.length, 0);
  }
}

function targetOf(tenant: Tenant): AuditTarget {
  const credential = createCredential({ kind: "secret", ...tenant }, endpoints);
  const now = Date.now();
  return {
    component: { ...tenant, name: "exchange", appId: undefined, tenantDomain: tenant.tenantId, isOwn: true },
    declared: {
      keys: new Map(),
      expected: new Map(),
      waiting: new Map(),
      userRoles: [],
      resourceAppIds: [],
      notes: [],
      notBefore: new Date(now).toISOString(),
      notAfter: new Date(now + 86_400_000).toISOString(),
    },
    declaredNow: () => Promise.resolve("nothing is removed"),
    graph: createGraphClient(credential, endpoints.graph),
    remove: createRemover(credential, endpoints.graph, {}),
    graphUrl: endpoints.graph.url,
  };
}
