import { flushCompileCache } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";

import grpc from "@grpc/grpc-js";

/** A server that the engine talks to. */
export interface Listening {
  readonly port: number;
  close(): void;
}

/**
 * Serves one gRPC service on the loopback interface, at a port of the system's choice.
 *
 * @param onAbandoned told when whoever called is gone before the answer. Default: the call goes on.
 */
export async function serve(
  definition: grpc.ServiceDefinition,
  handlers: grpc.UntypedServiceImplementation,
  onAbandoned?: () => void,
): Promise<Listening> {
  const server = new grpc.Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  server.addService(definition, onAbandoned ? watched(handlers, onAbandoned) : handlers);
  const port = await new Promise<number>((resolve, reject) => {
    const credentials = grpc.ServerCredentials.createInsecure();
    server.bindAsync("127.0.0.1:0", credentials, (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { port, close: () => server.forceShutdown() };
}

function watched(
  handlers: grpc.UntypedServiceImplementation,
  onAbandoned: () => void,
): grpc.UntypedServiceImplementation {
  return Object.fromEntries(
    Object.entries(handlers).map(([name, handle]) => [
      name,
      (call: grpc.ServerUnaryCall<unknown, unknown>, callback: grpc.sendUnaryData<unknown>): void => {
        let isAnswered = false;
        // It comes at the end of every call.
        call.on("cancelled", () => {
          if (!isAnswered) onAbandoned();
        });
        const answer: grpc.sendUnaryData<unknown> = (...answered) => {
          isAnswered = true;
          callback(...answered);
        };
        (handle as grpc.handleUnaryCall<unknown, unknown>)(call, answer);
      },
    ]),
  );
}

/** Makes a handler out of a function from request to response; what it throws is the answer's error. */
export function unary<Request, Response>(handle: (request: Request) => Response | Promise<Response>) {
  const answer = async (request: Request, callback: grpc.sendUnaryData<Response>): Promise<void> => {
    let response: Response;
    try {
      response = await handle(request);
    } catch (error) {
      callback(
        error instanceof StatusError
          ? error
          : new StatusError(error instanceof Error ? error.message : String(error)),
      );
      return;
    }
    callback(null, response);
  };
  return (call: grpc.ServerUnaryCall<Request, Response>, callback: grpc.sendUnaryData<Response>): void => {
    void answer(call.request, callback);
  };
}

/** Makes a handler out of a function that sends as many answers as it likes; `ended` aborts once nobody waits for them. */
export function streaming<Request, Response>(
  handle: (request: Request, send: (response: Response) => void, ended: AbortSignal) => Promise<void>,
) {
  return (call: grpc.ServerWritableStream<Request, Response>): void => {
    const ended = new AbortController();
    call.on("cancelled", () => ended.abort());
    handle(call.request, (response) => call.write(response), ended.signal).then(
      () => call.end(),
      (error: unknown) =>
        call.emit("error", new StatusError(error instanceof Error ? error.message : String(error))),
    );
  };
}

/** An error that gRPC sends as it is. */
export class StatusError extends Error {
  readonly code: grpc.status;
  readonly details: string;
  readonly metadata: grpc.Metadata;

  constructor(message: string, metadata = new grpc.Metadata()) {
    super(message);
    this.name = "StatusError";
    this.code = grpc.status.UNKNOWN;
    this.details = message;
    this.metadata = metadata;
  }
}

/** The engine: whoever started this process. It may be gone as soon as it has been told the port. */
const engine = process.ppid;

/** Tells the engine the port, on the first line of standard output, and returns once the engine is gone. */
export async function untilEngineEnds(port: number): Promise<void> {
  process.stdout.write(`${port}\n`);
  do {
    // The engine ends its plugins by a signal, which leaves Node no time to keep what it has compiled.
    flushCompileCache();
    // A killed engine says nothing to its plugins, which would otherwise live on.
    await sleep(500);
  } while (process.ppid === engine);
}
