import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { createAnswering } from "./answering.ts";
import { makeCertificateAuthority } from "./certificateAuthority.ts";
import { Clock } from "./clock.ts";
import type { ServerContext } from "./context.ts";
import { Faults } from "./faults/faults.ts";
import type { Unkindness } from "./faults/unkindness.ts";
import type { KeyVault } from "./keyVault/keyVault.ts";
import type { IssuerKeys } from "./signIn/federatedAssertion.ts";
import { RequestLog, type RequestLogEntry } from "./requestLog.ts";
import { defaultSeed, type TenantSeed } from "./tenantSeed.ts";
import { SeenAssertions } from "./signIn/seenAssertions.ts";
import { makeSigningKey } from "./signIn/signingKey.ts";
import { TenantStore } from "./store.ts";

/** How a tenant server is started. */
export interface TenantServerOptions {
  /** @default 0, a free one */
  readonly port?: number;
  /** @default the built-in tenant */
  readonly seeds?: readonly TenantSeed[];
  /** Where everything is kept. @default memory only */
  readonly dataFile?: string;
  /** The tenants' clock. @default this machine's */
  readonly now?: () => Date;
  /** How long every answer takes at least, in milliseconds. @default 0 */
  readonly latencyMs?: number;
  /** The keys of issuers whose assertions federated identity credentials trust, by issuer. @default none */
  readonly issuerKeys?: IssuerKeys;
  /** What is in the key vault, whose address is the server's. @default an empty one that nobody may use */
  readonly keyVault?: KeyVault;
  /**
   * Whether an assertion with a `jti` that has been used before is refused. Entra takes it: MSAL for Node sends one
   * assertion as long as it is valid. @default false
   */
  readonly refuseReplayedAssertions?: boolean;
  /** Faults at random. @default none */
  readonly unkindness?: Unkindness;
}

/** A running server: sign-in, Microsoft Graph and the Exchange admin API of one or more tenants, on one port. */
export interface TenantServer {
  /** `https://localhost:PORT`, without a trailing slash. */
  readonly url: string;
  /** What clients have to trust. */
  readonly certificateAuthorityPem: string;
  /** What can be signed in with. */
  readonly seeds: readonly TenantSeed[];
  /** What has been asked so far, newest last. */
  readonly requests: readonly RequestLogEntry[];
  /** The tenants' clock, to be moved. */
  readonly clock: Clock;
  /** What goes wrong. */
  readonly faults: Faults;
  clearRequests(): void;
  /** Back to the seeds. Clock, faults and requests stay as they are. */
  reset(): void;
  close(): Promise<void>;
}

/** Starts a server on 127.0.0.1. */
export async function startTenantServer(options: TenantServerOptions = {}): Promise<TenantServer> {
  const { seeds = [defaultSeed], latencyMs = 0 } = options;
  const clock = new Clock(options.now ?? (() => new Date()));
  const now = (): Date => clock.now();
  const signingKey = makeSigningKey();
  const authority = await makeCertificateAuthority();
  const store = new TenantStore(seeds, now, options.dataFile);
  const server = createServer({
    key: authority.serverKeyPem,
    cert: authority.serverCertificatePem,
    minVersion: "TLSv1.2",
    // Longer than a client pauses here: a connection that ends just as a request is sent would be a fault of its own.
    keepAliveTimeout: 60_000,
  });
  const url = await listen(server, options.port ?? 0);
  const [log, faults] = [new RequestLog(), new Faults()];
  const issuerKeys = options.issuerKeys ?? {};
  const seenAssertions = options.refuseReplayedAssertions === true ? new SeenAssertions() : undefined;
  const context: ServerContext = {
    store,
    url,
    now,
    signingKey: () => signingKey,
    issuerKeys,
    keyVault: options.keyVault ?? { certificates: {}, users: [] },
    seenAssertions,
  };
  const answering = createAnswering({
    context,
    clock,
    faults,
    log,
    latencyMs,
    unkindness: options.unkindness,
  });
  server.on(
    "request",
    getRequestListener(async (request, env) => {
      const answered = await answering.answer(request);
      if (answered !== "dropped") return answered;
      (env as HttpBindings).incoming.socket.destroy();
      return RESPONSE_ALREADY_SENT;
    }),
  );
  return {
    url,
    certificateAuthorityPem: authority.certificatePem,
    seeds,
    clock,
    faults,
    get requests() {
      return log.entries;
    },
    clearRequests: () => log.clear(),
    reset: () => answering.reset(),
    close: () => close(server),
  };
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve(`https://localhost:${(server.address() as AddressInfo).port}`);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}
