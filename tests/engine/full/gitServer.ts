import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer as createProxy, type RequestListener } from "node:http";
import { createServer } from "node:https";
import { type AddressInfo, connect, type Server } from "node:net";
import { join } from "node:path";
import { pipeline } from "node:stream";

import { makeCertificateAuthority } from "../../../sandbox/tenant/certificateAuthority.ts";

/** A platform that serves git repositories over HTTPS, on this machine. */
export interface GitServer {
  /** A client reaches the platform, and nothing else, through this proxy. Pulumi takes a host with a port for a path. */
  readonly proxy: string;
  /** Whom a client must trust. */
  readonly authorityPem: string;
  close(): Promise<void>;
}

/**
 * Serves the bare repositories below a folder.
 *
 * @param host the platform's name, as in `github.com`
 */
export async function startGitServer(host: string, folder: string): Promise<GitServer> {
  const authority = await makeCertificateAuthority(host);
  const server = createServer(
    { key: authority.serverKeyPem, cert: authority.serverCertificatePem },
    gitBackend(folder),
  );
  const port = await listen(server);
  const proxy = createProxy().on("connect", (_request, client) => {
    const tunnel = connect(port, "127.0.0.1", () => client.write("HTTP/1.1 200 OK\r\n\r\n"));
    // A client may go without a goodbye.
    pipeline(client, tunnel, client, () => {});
  });
  const proxyPort = await listen(proxy);
  return {
    proxy: `http://127.0.0.1:${proxyPort}`,
    authorityPem: authority.certificatePem,
    async close() {
      server.closeAllConnections();
      proxy.closeAllConnections();
      await Promise.all([server, proxy].map((one) => once(one.close(), "close")));
    },
  };
}

/** Answers through git's own CGI program (git http-backend). */
function gitBackend(folder: string): RequestListener {
  const programs = execFileSync("git", ["--exec-path"], { encoding: "utf8" }).trim();
  return (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "https://localhost");
    const env = {
      ...process.env,
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: pathname,
      QUERY_STRING: String(searchParams),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers["content-type"],
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"],
    };
    const backend = spawn(join(programs, "git-http-backend"), { env, stdio: ["pipe", "pipe", "inherit"] });
    request.pipe(backend.stdin);
    const parts: Buffer[] = [];
    backend.stdout.on("data", (part: Buffer) => parts.push(part));
    backend.once("close", () => {
      const output = Buffer.concat(parts);
      const end = output.indexOf("\r\n\r\n");
      const lines = output.toString("latin1", 0, end).split("\r\n");
      const { Status: status = "200", ...headers } = Object.fromEntries(
        lines.map((line) => line.split(": ", 2)),
      ) as Record<string, string>;
      response.writeHead(Number.parseInt(status, 10), headers).end(output.subarray(end + 4));
    });
  };
}

async function listen(server: Server): Promise<number> {
  await once(server.listen(0, "127.0.0.1"), "listening");
  return (server.address() as AddressInfo).port;
}
