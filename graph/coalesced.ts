import type { GraphClient, GraphOutcome, GraphRead } from "./graphClient.ts";

interface Asked {
  readonly read: GraphRead<unknown>;
  readonly settle: (outcome: GraphOutcome<unknown>) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * The same client, whose reads of one moment go to Graph together, 20 in a request: for those who look at many objects at
 * once, each with a code of its own.
 */
export function coalesced(graph: GraphClient): GraphClient {
  let waiting: Asked[] = [];

  function outcomeOf<T>(read: GraphRead<T>): Promise<GraphOutcome<T>> {
    return new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(() => void flush());
      // The outcome is that of this very read.
      waiting.push({ read, settle: (outcome) => resolve(outcome as GraphOutcome<T>), fail: reject });
    });
  }

  async function flush(): Promise<void> {
    const asked = waiting;
    waiting = [];
    try {
      const outcomes = await graph.batch<Record<string, unknown>>(
        Object.fromEntries(asked.map(({ read }, index) => [`${index}`, read])),
      );
      for (const [index, { settle, fail }] of asked.entries()) {
        const outcome = outcomes[`${index}`];
        if (outcome === undefined) fail(new Error("a batch without one of its parts"));
        else settle(outcome);
      }
    } catch (error) {
      for (const { fail } of asked) fail(error);
    }
  }

  return {
    async read(read) {
      const outcome = await outcomeOf(read);
      if (outcome.ok) return outcome.value;
      throw outcome.error;
    },
    async batch<T extends Readonly<Record<string, unknown>>>(reads: {
      readonly [K in keyof T]: GraphRead<T[K]>;
    }) {
      const outcomes = await Promise.all(
        Object.entries<GraphRead<unknown>>(reads).map(
          async ([key, read]) => [key, await outcomeOf(read)] as const,
        ),
      );
      // The keys are those of `reads`, each with the outcome of its own read.
      return Object.fromEntries(outcomes) as { readonly [K in keyof T]: GraphOutcome<T[K]> };
    },
  };
}
