import { resolveEndpoints } from "../../graph/endpoints.ts";
import { createCredential } from "../../graph/signIn.ts";
import { graphRoutes } from "../tenant/graph/routes.ts";
import { defaultSeed, startTenantServer, type TenantSeed, type TenantServer } from "../tenant/index.ts";
import { trustInThisProcess } from "../workspace/trust.ts";
import { prepareSandbox } from "../workspace/workspace.ts";
import type { TenantKind } from "./conformanceCase.ts";
import { createSender, type Target } from "./target.ts";

/** A sandbox's tenant as a target, and the server that it is on. */
export interface SandboxTarget {
  readonly target: Target;
  readonly server: TenantServer;
}

/** Starts a sandbox of the same kind as a tenant, with a person who may do everything. */
export async function startSandboxTarget(
  kind: TenantKind,
  seed: Partial<TenantSeed> = {},
): Promise<SandboxTarget> {
  const tenant: TenantSeed = {
    ...defaultSeed,
    cloud: kind.cloud,
    exchangeLicensed: kind.exchange,
    exchangeOnlineProtection: kind.exchangeOnlineProtection,
    entraIdP2: kind.entraIdP2,
    appInstanceLock: kind.appInstanceLock,
    deployer: { ...defaultSeed.deployer, permissions: everyPermission },
    ...seed,
  };
  const server = await startTenantServer({ seeds: [tenant] });
  trustInThisProcess(server.certificateAuthorityPem);
  const endpoints = await resolveEndpoints(kind.cloud, { ARM_METADATA_HOSTNAME: new URL(server.url).host });
  const { tenantId, deployer } = tenant;
  const credential = createCredential({ kind: "secret", tenantId, ...deployer }, endpoints);
  const token = async (): Promise<string> => (await credential.getToken(endpoints.graph.scope)).token;
  const send = createSender({ perSecond: 10_000, retryDelayMs: 10 });
  const prepare: Target["prepare"] = (folder, plugins) =>
    prepareSandbox({ folder, plugins, tenant: server, deployer: { tenantId, ...deployer } });
  return { target: { tenantId, endpoints, send, token, prepare }, server };
}

const everyPermission = [
  ...new Set(graphRoutes.flatMap(({ permissions, alsoRequires = [] }) => [...permissions, ...alsoRequires])),
];
