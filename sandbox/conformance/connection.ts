import { readClaims } from "../../graph/accessToken.ts";
import {
  cloudEndpoints,
  cloudOfEnvironment,
  type Endpoints,
  resolveEndpoints,
} from "../../graph/endpoints.ts";
import { identityFromEnvironment } from "../../graph/environment.ts";
import { createCredential, type Identity } from "../../graph/signIn.ts";
import { Cloud } from "../../microsoft/clouds.ts";
import { SandboxError } from "../sandboxError.ts";
import { prepareForCaller } from "../workspace/workspace.ts";
import type { RunArguments } from "./arguments.ts";
import { createSender, type SenderOptions, type Target } from "./target.ts";

/** The tenant that somebody has named, with that person signed in. */
export interface Connection {
  readonly target: Target;
  readonly cloud: Cloud;
  readonly server: "microsoft" | "other";
}

/** Signs in as exo-auth's commands do, and looks whether that is the tenant that was typed. @throws SandboxError, Failure, SignInError */
export async function connect(
  { tenantId, endpoint }: Pick<RunArguments, "tenantId" | "endpoint">,
  env: NodeJS.ProcessEnv,
  sending: SenderOptions = {},
): Promise<Connection> {
  const cloud = (env["ARM_ENVIRONMENT"] && cloudOfEnvironment(env["ARM_ENVIRONMENT"])) || Cloud.Global;
  const endpoints =
    endpoint === undefined ? await resolveEndpoints(cloud, env) : await endpointsAt(endpoint, cloud);
  const found = await identityFromEnvironment(env);
  const identity: Identity = found.kind === "azureCli" ? { ...found, tenantId } : found;
  const token = cached(identity, endpoints);
  const send = createSender(sending);
  const prepare: Target["prepare"] = (folder, plugins) =>
    prepareForCaller({
      folder,
      plugins,
      outer: env,
      tenantId,
      ...(endpoint === undefined ? {} : { metadataHost: new URL(endpoint).host }),
    });
  if (endpoint !== undefined) {
    return {
      target: { tenantId, endpoints, send, token: orNone(identity, token), prepare },
      cloud,
      server: "other",
    };
  }
  const { tid } = readClaims(await token());
  if (tid.toLowerCase() !== tenantId) {
    throw new SandboxError(
      `--tenant must be the tenant that you are signed in to, got ${tenantId}, and the sign-in is for ${tid}. Run az login --tenant ${tenantId}, or set ARM_TENANT_ID.`,
    );
  }
  return {
    target: { tenantId, endpoints, send, token, prepare },
    cloud,
    server: endpoints.custom ? "other" : "microsoft",
  };
}

/** Where another server is: as its metadata document says, or everything at one address. */
async function endpointsAt(endpoint: string, cloud: Cloud): Promise<Endpoints> {
  const url = endpoint.replace(/\/+$/, "");
  try {
    return await resolveEndpoints(cloud, { ARM_METADATA_HOSTNAME: new URL(url).host });
  } catch {
    const here = { url, scope: `${url}/.default` };
    const documented = cloudEndpoints(cloud);
    const exchangeOnline = { ...documented.exchangeOnline, url };
    return { ...documented, authorityHost: url, graph: here, exchangeOnline, custom: true };
  }
}

/** A token, asked for again when it ends: the Azure CLI starts a process each time. */
function cached(identity: Identity, endpoints: Endpoints): () => Promise<string> {
  const credential = createCredential(identity, endpoints);
  let known: { readonly token: string; readonly until: number } | undefined;
  return async () => {
    if (known !== undefined && Date.now() < known.until) return known.token;
    const { token, expiresOnTimestamp } = await credential.getToken(endpoints.graph.scope);
    known = { token, until: expiresOnTimestamp - 300_000 };
    return token;
  };
}

/** A server that knows no sign-in is asked all the same: that it refuses is a difference. */
function orNone(identity: Identity, token: () => Promise<string>): () => Promise<string> {
  if (identity.kind === "azureCli") return async () => "none";
  return () => token().catch(() => "none");
}
