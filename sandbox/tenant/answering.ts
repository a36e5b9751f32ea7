import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { createApp } from "./app.ts";
import type { Clock } from "./clock.ts";
import type { Identified, ServerContext } from "./context.ts";
import { controlPrefix, createControl, errorResponse } from "./control.ts";
import { FaultyAnswering, type FaultyAnswer } from "./faults/answer.ts";
import type { Faults } from "./faults/faults.ts";
import { makeDice, setFault, type Unkindness } from "./faults/unkindness.ts";
import { checkOrigin } from "./requestOrigin.ts";
import type { RequestLog } from "./requestLog.ts";
import { metadataPath } from "./signIn/discovery.ts";

/** What stands between the socket and the tenants. */
export interface AnsweringOptions {
  readonly context: ServerContext;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly latencyMs: number;
  readonly unkindness: Unkindness | undefined;
}

/** Answers requests, with faults and a log. */
export interface Answering {
  answer(request: Request): Promise<FaultyAnswer>;
  /** Back to the seeds. */
  reset(): void;
}

/** Puts the tenants behind the faults, the log and the control interface. */
export function createAnswering(options: AnsweringOptions): Answering {
  const { context, clock, faults, log, latencyMs } = options;
  const identities = new WeakMap<Request, Identified>();
  const faulty: FaultyAnswering = new FaultyAnswering(
    faults,
    async (request) =>
      app.fetch(request, {
        identified: identities.get(request) ?? {},
        isInTokens: faulty.isInTokens(request),
        isEffective: faulty.isEffective(request),
        answerPart: (part) => answerPart(request, part),
      }),
    context.url,
    context.now,
  );
  const reset = (): void => {
    context.store.reset();
    faulty.clear();
  };
  const app = createApp(context);
  const control = createControl({ clock, faults, log, reset });
  const throwDice = options.unkindness && makeDice(options.unkindness);

  async function answerPart(batch: Request, part: Request): Promise<Response> {
    identities.set(part, identities.get(batch) ?? {});
    const answered = await faulty.answer(part);
    return answered === "dropped" ? new Response(null, { status: 504 }) : answered;
  }

  async function answer(request: Request): Promise<FaultyAnswer> {
    const { pathname, search } = new URL(request.url);
    const isControl = pathname.startsWith(controlPrefix);
    try {
      checkOrigin(request, context.url, !isControl);
    } catch (error) {
      return errorResponse(error, clock.now());
    }
    if (isControl) return control.fetch(request);
    const [time, started] = [clock.now(), performance.now()];
    const identified: Identified = {};
    identities.set(request, identified);
    if (latencyMs > 0) await delay(latencyMs);
    const drawn = pathname === metadataPath ? undefined : throwDice?.();
    if (drawn !== undefined) setFault(faults, drawn, {});
    const answered = await faulty.answer(request);
    const status = answered === "dropped" ? 0 : answered.status;
    const ms = performance.now() - started;
    log.add({ time, method: request.method, path: pathname + search, status, ...identified, ms });
    return answered;
  }

  return { answer, reset };
}
