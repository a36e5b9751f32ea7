import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** What a step asked a platform's API. */
export interface ApiRequest {
  /** As in `GET /projects/1/issues?state=opened`. */
  readonly asked: string;
  /** What signed it in. */
  readonly token: string | undefined;
  readonly body: unknown;
}

/** A platform's API, as far as steps ask it. */
export interface PlatformApi {
  /** Where it is, with a slash at its end. */
  readonly url: string;
  /** Everything that was asked, in order. */
  readonly requests: readonly ApiRequest[];
  close(): Promise<void>;
}

/**
 * Starts an API.
 *
 * @param answer gives an answer's body, a text as it is; undefined for 404
 */
export async function startPlatformApi(answer: (request: ApiRequest) => unknown): Promise<PlatformApi> {
  const requests: ApiRequest[] = [];
  const server = createServer((message, response) => {
    const read = async (): Promise<void> => {
      const sent = await text(message);
      const { "private-token": own, authorization } = message.headers;
      const request = {
        asked: `${message.method} ${decodeURIComponent(message.url ?? "")}`,
        token: own?.toString() ?? authorization,
        body: sent === "" ? undefined : (JSON.parse(sent) as unknown),
      };
      requests.push(request);
      const body = answer(request);
      response.writeHead(body === undefined ? 404 : 200);
      response.end(typeof body === "string" ? body : JSON.stringify(body ?? {}));
    };
    void read();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
