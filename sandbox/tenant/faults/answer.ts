import { setTimeout as delay } from "node:timers/promises";
import { errorBody } from "../graph/errors.ts";
import type { Json } from "../json.ts";
import type { Faults } from "./faults.ts";
import { refusalResponse } from "./refusal.ts";
import { Births, notReplicated, withoutYoung } from "./replication.ts";

/** What answers a request when nothing goes wrong. */
export type Answering = (request: Request) => Promise<Response>;

/** An answer, or that the connection is to be dropped instead. */
export type FaultyAnswer = Response | "dropped";

/** Puts faults between clients and what answers them. */
export class FaultyAnswering {
  readonly births = new Births();
  readonly #faults: Faults;
  readonly #answer: Answering;
  readonly #url: string;
  readonly #now: () => Date;
  readonly #writes = new Map<string, number>();

  constructor(faults: Faults, answer: Answering, url: string, now: () => Date) {
    this.#faults = faults;
    this.#answer = answer;
    this.#url = url;
    this.#now = now;
  }

  /** Answers a request as the faults let it. */
  async answer(request: Request): Promise<FaultyAnswer> {
    const slow = this.#faults.find("delay", request);
    if (slow !== undefined) {
      slow.hit();
      await delay(slow.action.ms);
    }
    const dropped = this.#faults.find("dropConnection", request);
    if (dropped !== undefined) {
      dropped.hit();
      return "dropped";
    }
    const early = this.#refused(request) ?? this.#conflicting(request) ?? (await this.#lagging(request));
    if (early !== undefined) return early;
    const lost = this.#faults.find("loseAnswer", request);
    const held = this.#faults.find("holdAnswer", request);
    const response = await this.#replicated(request, await this.#answer(request));
    held?.hit();
    await held?.action.until;
    if (lost === undefined) return response;
    lost.hit();
    return "dropped";
  }

  /** Whether a token may carry what was granted under this id. */
  isInTokens(request: Request): (grantId: string) => boolean {
    const fault = this.#faults.find("lagClaims", request);
    if (fault === undefined) return () => true;
    fault.hit();
    const now = this.#now();
    return (grantId) => !this.births.isYounger(grantId, fault.action.ms, now);
  }

  /** Whether a role that was given in Exchange at this time holds by now. */
  isEffective(request: Request): (since: string) => boolean {
    const fault = this.#faults.find("lagRoles", request);
    if (fault === undefined) return () => true;
    fault.hit();
    const now = this.#now().getTime();
    return (since) => now - Date.parse(since) >= fault.action.ms;
  }

  /** As at the start. */
  clear(): void {
    this.births.clear();
    this.#writes.clear();
  }

  #refused(request: Request): Response | undefined {
    const fault = this.#faults.find("refuse", request);
    if (fault === undefined) return undefined;
    fault.hit();
    return refusalResponse(fault.action.refusal, request, this.#url, this.#now());
  }

  #conflicting(request: Request): Response | undefined {
    const [, applicationId] = /\/applications\/([^/?]+)/.exec(new URL(request.url).pathname) ?? [];
    if (applicationId === undefined || request.method === "GET") return undefined;
    const now = this.#now();
    const last = this.#writes.get(applicationId);
    const fault = this.#faults.find("conflict", request);
    if (fault !== undefined && last !== undefined && now.getTime() - last < fault.action.ms) {
      fault.hit();
      return refusalResponse({ status: 409 }, request, this.#url, now);
    }
    this.#writes.set(applicationId, now.getTime());
    return undefined;
  }

  /** Refuses what names an object that is too young, in the path or in the body. */
  async #lagging(request: Request): Promise<Response | undefined> {
    const fault = isBatch(request) ? undefined : this.#faults.find("lag", request);
    if (fault === undefined) return undefined;
    const now = this.#now();
    const said = new URL(request.url).pathname + (request.body === null ? "" : await request.clone().text());
    const [young] = this.births.youngIn(said, fault.action.ms, now);
    if (young === undefined) return undefined;
    fault.hit();
    const error = notReplicated(request, young);
    return jsonResponse(errorBody(error, crypto.randomUUID(), now), error.status);
  }

  /** Notes what a POST has created, and leaves out of lists what is too young. */
  async #replicated(request: Request, response: Response): Promise<Response> {
    if (request.method === "POST" && response.status === 201) {
      this.births.note((await response.clone().json()) as Json, this.#now());
      return response;
    }
    const isJson = response.headers.get("content-type")?.startsWith("application/json") === true;
    const fault =
      request.method === "GET" && response.status === 200 && isJson
        ? this.#faults.find("lag", request)
        : undefined;
    if (fault === undefined) return response;
    const now = this.#now();
    const body = withoutYoung((await response.json()) as Json, (id) =>
      this.births.isYounger(id, fault.action.ms, now),
    );
    return jsonResponse(body, 200);
  }
}

/** Each request of a batch is answered by itself, with its own faults. */
function isBatch(request: Request): boolean {
  return new URL(request.url).pathname.endsWith("/$batch");
}

function jsonResponse(body: Json, status: number): Response {
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
}
