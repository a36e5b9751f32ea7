import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { isDeepStrictEqual } from "node:util";

import { makeCertificateAuthority } from "../../../sandbox/tenant/certificateAuthority.ts";
import type { RecordedRequest } from "./recordings.ts";

/** A request that the replay did not expect, or an answer that nobody asked for, in words. */
export type Mismatch = string;

/** A server that answers with recorded responses, each once, and only to the request that it was the answer to. */
export interface Replay {
  /** Host and port, as the plugin's metadata host. */
  readonly host: string;
  /** What was requested though it is not recorded (any more). */
  readonly unexpected: readonly Mismatch[];
  /** What of the recording was not requested so far. */
  unused(): Mismatch[];
  /** Requests since the last call of this function that came later than what is recorded after them. */
  takeDisorder(): Mismatch[];
  /** Replaces what the plugin makes up anew each time by what was recorded. */
  recorded(text: string): string;
  close(): Promise<void>;
}

const origin = "https://localhost:8443";
let trusted: Promise<{ key: string; cert: string }> | undefined;

/** Serves the recorded requests that the filter lets pass. */
export async function startReplay(requests: readonly RecordedRequest[]): Promise<Replay> {
  const { key, cert } = await (trusted ??= trustNewAuthority());
  const used = new Set<number>();
  const unexpected: Mismatch[] = [];
  const learnt = new Map<string, string>();
  let places: number[] = [];
  let url = "";

  const server = createServer({ key, cert }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const given = Buffer.concat(chunks).toString("utf8");
      const body = parse(
        given.replaceAll(url, origin).replaceAll(encodeURIComponent(url), encodeURIComponent(origin)),
      );
      const path = request.url ?? "";
      const place = requests.findIndex(
        (entry, index) =>
          !used.has(index) &&
          entry.method === request.method &&
          entry.path === path &&
          sameBody(body, entry.request, learnt),
      );
      const entry = requests[place];
      if (entry === undefined) {
        unexpected.push(`${request.method} ${path} ${given}`);
        response
          .writeHead(418, { "content-type": "application/json" })
          .end('{"error":{"code":"Unexpected","message":"not recorded"}}');
        return;
      }
      used.add(place);
      places.push(place);
      let text = JSON.stringify(entry.response).replaceAll(origin, url);
      for (const [own, recorded] of learnt) text = text.replaceAll(recorded, own);
      const headers = { "content-type": "application/json" };
      response.writeHead(entry.status, headers).end(entry.response === null ? "" : text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  url = `https://localhost:${port}`;
  return {
    host: `localhost:${port}`,
    unexpected,
    unused: () =>
      requests.flatMap((entry, index) => (used.has(index) ? [] : [`${entry.method} ${entry.path}`])),
    takeDisorder: () => {
      const taken = places.map((place) => requests[place]).filter((entry) => entry !== undefined);
      places = [];
      return disorder(requests, taken);
    },
    recorded: (text) =>
      [...learnt]
        .reduce((result, [own, value]) => result.replaceAll(own, value), text)
        .replaceAll(url, origin),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Like requests are interchangeable: each counts as the first of its kind after the one before. */
function disorder(requests: readonly RecordedRequest[], taken: readonly RecordedRequest[]): Mismatch[] {
  let last = -1;
  return taken.flatMap((entry) => {
    const place = requests.findIndex(
      (other, index) =>
        index > last &&
        other.method === entry.method &&
        other.path === entry.path &&
        isDeepStrictEqual(other.request, entry.request),
    );
    if (place === -1) return [`${entry.method} ${entry.path}`];
    last = place;
    return [];
  });
}

async function trustNewAuthority(): Promise<{ key: string; cert: string }> {
  const authority = await makeCertificateAuthority();
  setDefaultCACertificates([...getCACertificates("default"), authority.certificatePem]);
  return { key: authority.serverKeyPem, cert: authority.serverCertificatePem };
}

function parse(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Whether the body is the recorded one. What the plugin makes up (temporary names, key IDs, dates counted from now)
 * differs each time: the pairs are learnt, and told apart from then on.
 */
function sameBody(body: unknown, recorded: unknown, learnt: Map<string, string>): boolean {
  const news = new Map(learnt);
  if (!isDeepStrictEqual(normalize(body, recorded, news), normalize(recorded, recorded, new Map())))
    return false;
  for (const [own, value] of news) learnt.set(own, value);
  return true;
}

function normalize(value: unknown, recorded: unknown, learnt: Map<string, string>): unknown {
  if (typeof value === "string" && typeof recorded === "string") {
    if (recorded.startsWith("TERRAFORM_UPDATE_") && /^TERRAFORM_UPDATE_[0-9a-f-]{36}$/.test(value))
      return "TERRAFORM_UPDATE_";
    return learnt.get(value) ?? value;
  }
  if (Array.isArray(value) && Array.isArray(recorded)) {
    return value.map((item, index) => normalize(item, recorded[index], learnt));
  }
  if (isObject(value) && isObject(recorded)) {
    for (const name of ["keyId", "endDateTime"]) {
      const [own, old] = [value[name], recorded[name]];
      // Only a new credential carries its key, and only then is there something to learn.
      if (
        typeof own === "string" &&
        typeof old === "string" &&
        own !== old &&
        typeof value["key"] === "string" &&
        !learnt.has(own)
      ) {
        learnt.set(own, old);
      }
    }
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, normalize(item, recorded[name], learnt)]),
    );
  }
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
