import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { getRequestListener } from "@hono/node-server";
import { createApp } from "./app.ts";
import { makeCertificateAuthority } from "./certificateAuthority.ts";
import type { Identified, ServerContext } from "./context.ts";
import { RequestLog, type RequestLogEntry } from "./requestLog.ts";
import { defaultSeed, type TenantSeed } from "./seed.ts";
import { makeSigningKey } from "./signingKey.ts";
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
  clearRequests(): void;
  /** Back to the seeds. */
  reset(): void;
  close(): Promise<void>;
}

/** Starts a server on 127.0.0.1. */
export async function startTenantServer(options: TenantServerOptions = {}): Promise<TenantServer> {
  const { seeds = [defaultSeed], latencyMs = 0, now = () => new Date() } = options;
  const signingKey = makeSigningKey();
  const authority = await makeCertificateAuthority();
  const store = new TenantStore(seeds, now, options.dataFile);
  const log = new RequestLog();
  const server = createServer({
    key: authority.serverKeyPem,
    cert: authority.serverCertificatePem,
    minVersion: "TLSv1.2",
  });
  const url = await listen(server, options.port ?? 0);
  const context: ServerContext = { store, url, now, signingKey: () => signingKey };
  const app = createApp(context);
  server.on(
    "request",
    getRequestListener(async (request) => {
      const started = performance.now();
      const time = now();
      const identified: Identified = {};
      if (latencyMs > 0) await delay(latencyMs);
      const response = await app.fetch(request, { identified });
      const { pathname, search } = new URL(request.url);
      log.add({
        time,
        method: request.method,
        path: pathname + search,
        status: response.status,
        ...identified,
        ms: performance.now() - started,
      });
      return response;
    }),
  );
  return {
    url,
    certificateAuthorityPem: authority.certificatePem,
    seeds,
    get requests() {
      return log.entries;
    },
    clearRequests: () => log.clear(),
    reset: () => store.reset(),
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
