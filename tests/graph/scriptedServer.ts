import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { makeCertificateAuthority } from "../../sandbox/tenant/certificateAuthority.ts";

/** What a scripted server was asked. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  /** What was sent as JSON, or the text of anything else; undefined for nothing. */
  readonly body: unknown;
}

/** What it is to answer. */
export interface ScriptedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: unknown;
}

/** An HTTPS server that answers what a test says, for what no tenant does on demand. */
export interface ScriptedServer {
  readonly url: string;
  readonly seen: SeenRequest[];
  /** Answers requests in order; the last answer stays. */
  answer(...answers: readonly (ScriptedAnswer | ((request: SeenRequest) => ScriptedAnswer))[]): void;
  close(): Promise<void>;
}

/** Starts a scripted server that this process trusts. */
export async function startScriptedServer(): Promise<ScriptedServer> {
  const authority = await makeCertificateAuthority();
  setDefaultCACertificates([...getCACertificates("default"), authority.certificatePem]);
  const seen: SeenRequest[] = [];
  let answers: (ScriptedAnswer | ((request: SeenRequest) => ScriptedAnswer))[] = [];
  const listener = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const content = await text(request);
    const { method = "", url = "", headers } = request;
    const isJson = headers["content-type"]?.startsWith("application/json") === true;
    const now = { method, path: url, headers, body: isJson ? JSON.parse(content) : content || undefined };
    seen.push(now);
    const next = answers.length > 1 ? answers.shift() : answers[0];
    const {
      status,
      headers: extra,
      body,
    } = typeof next === "function" ? next(now) : (next ?? { status: 500 });
    response.writeHead(status, { "content-type": "application/json", ...extra });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
  const server = createServer(
    { key: authority.serverKeyPem, cert: authority.serverCertificatePem },
    (request, response) => void listener(request, response),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    seen,
    answer(...next) {
      seen.length = 0;
      answers = [...next];
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A credential that has a token already. */
export const fixedCredential = {
  getToken: async () => ({ token: "token", expiresOnTimestamp: Date.now() + 3_600_000 }),
};
