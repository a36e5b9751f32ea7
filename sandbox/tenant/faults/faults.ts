import { matches, type RequestMatcher } from "./matcher.ts";
import type { Refusal } from "./refusal.ts";

/** What goes wrong. */
export type FaultAction =
  | { readonly kind: "refuse"; readonly refusal: Refusal }
  /** What was asked is done, and the connection is dropped instead of an answer. */
  | { readonly kind: "loseAnswer" }
  /** What was asked is done, and the answer waits until somebody lets it go. */
  | { readonly kind: "holdAnswer"; readonly until: Promise<unknown> }
  /** Nothing is done, and the connection is dropped. */
  | { readonly kind: "dropConnection" }
  /** The answer comes so many milliseconds of the real clock later. */
  | { readonly kind: "delay"; readonly ms: number }
  /** Objects that were created less than so many milliseconds of the tenants' clock ago are not found. */
  | { readonly kind: "lag"; readonly ms: number }
  /** Permissions and roles that were given less than so many milliseconds of the tenants' clock ago are in no token. */
  | { readonly kind: "lagClaims"; readonly ms: number }
  /** Role groups and roles that were given in Exchange less than so many milliseconds of the tenants' clock ago do not hold. */
  | { readonly kind: "lagRoles"; readonly ms: number }
  /** A second write to one application within so many milliseconds of the tenants' clock is a conflict. */
  | { readonly kind: "conflict"; readonly ms: number };

/** A fault that has been set. */
export interface Fault {
  /** How many requests it has met. */
  readonly hits: number;
  remove(): void;
}

interface SetFault extends Fault {
  readonly matcher: RequestMatcher;
  readonly action: FaultAction;
  hits: number;
  left: number;
  skip: number;
}

/** Everything that is set to go wrong. Nothing is, until somebody says so. */
export class Faults {
  #faults: SetFault[] = [];

  /**
   * Sets a fault.
   *
   * @param times how many matching requests it is for; every one where it is left out
   * @param skip how many matching requests go by before it strikes
   */
  add(matcher: RequestMatcher, action: FaultAction, times = Number.POSITIVE_INFINITY, skip = 0): Fault {
    const fault: SetFault = {
      matcher,
      action,
      hits: 0,
      left: times,
      skip,
      remove: () => {
        this.#faults = this.#faults.filter((other) => other !== fault);
      },
    };
    this.#faults.push(fault);
    return fault;
  }

  /** Answers matching requests with this error instead. */
  refuse(matcher: RequestMatcher, refusal: Refusal, times?: number): Fault {
    return this.add(matcher, { kind: "refuse", refusal }, times);
  }

  /** Answers matching requests with 429, with `Retry-After` in seconds where it is given. */
  throttle(matcher: RequestMatcher, retryAfter?: number, times?: number): Fault {
    return this.refuse(matcher, { status: 429, ...(retryAfter === undefined ? {} : { retryAfter }) }, times);
  }

  /** Does what matching requests ask, and drops the connection instead of answering. */
  loseAnswer(matcher: RequestMatcher, times?: number): Fault {
    return this.add(matcher, { kind: "loseAnswer" }, times);
  }

  /** Drops the connection of matching requests and does nothing. */
  dropConnection(matcher: RequestMatcher, times?: number): Fault {
    return this.add(matcher, { kind: "dropConnection" }, times);
  }

  /** Answers matching requests later, in milliseconds of the real clock. */
  delay(matcher: RequestMatcher, ms: number, times?: number): Fault {
    return this.add(matcher, { kind: "delay", ms }, times);
  }

  /** Lets matching requests not find what is younger than this, in milliseconds of the tenants' clock. */
  lag(matcher: RequestMatcher, ms: number, times?: number): Fault {
    return this.add(matcher, { kind: "lag", ms }, times);
  }

  /** Lets tokens lack what was granted less than this ago, in milliseconds of the tenants' clock. */
  lagClaims(matcher: RequestMatcher, ms: number): Fault {
    return this.add(matcher, { kind: "lagClaims", ms });
  }

  /** Lets Exchange not know who was put into a role group, or given a role, less than this ago. */
  lagRoles(matcher: RequestMatcher, ms: number): Fault {
    return this.add(matcher, { kind: "lagRoles", ms });
  }

  /** Answers 409 to a matching write to an application that was written to less than this ago. */
  conflict(matcher: RequestMatcher, ms: number, times?: number): Fault {
    return this.add(matcher, { kind: "conflict", ms }, times);
  }

  /** Nothing goes wrong any more. */
  clear(): void {
    this.#faults = [];
  }

  /** The first fault of a kind that a request meets; it is not counted before `hit` says that it struck. */
  find<K extends FaultAction["kind"]>(
    kind: K,
    request: Request,
  ): { readonly action: Extract<FaultAction, { kind: K }>; hit(): void } | undefined {
    const fault = this.#faults.find((candidate) => {
      const isMeant =
        candidate.action.kind === kind && candidate.left > 0 && matches(candidate.matcher, request);
      if (!isMeant || candidate.skip === 0) return isMeant;
      candidate.skip -= 1;
      return false;
    });
    if (fault === undefined) return undefined;
    const hit = (): void => {
      fault.hits += 1;
      fault.left -= 1;
    };
    return { action: fault.action as Extract<FaultAction, { kind: K }>, hit };
  }

  /** Whether anything of this kind is set, so that its cost is spared where not. */
  has(kind: FaultAction["kind"]): boolean {
    return this.#faults.some((fault) => fault.action.kind === kind && fault.left > 0);
  }
}
