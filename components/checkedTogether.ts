import { setImmediate } from "node:timers/promises";

import * as pulumi from "@pulumi/pulumi";

import { type Problems, problemsError } from "./problems.ts";

/** The components that one program declared since it last waited for something. */
interface Round {
  readonly found: Problems[];
  readonly end: Promise<never[]>;
}

/** The open round of each program: a process may run several, each with a monitor of its own. */
const rounds = new WeakMap<object, Round>();

/** For a program without an engine, which the SDK refuses. */
const noMonitor = {};

/**
 * Takes in what is wrong with one component, and waits for the others: all those that the program declares before it
 * waits for something itself. Whatever depends on the promise is created only where all of them are right.
 *
 * Components that come after an `await` make a round of their own, since what the program waits for may be a resource of
 * the first ones.
 *
 * @returns an empty list, in the form of resources to depend on
 * @throws ResourceError with every problem of all of them, the same error for each
 */
export function checkedTogether(problems: Problems): Promise<never[]> {
  const program = pulumi.runtime.getMonitor() ?? noMonitor;
  const round = rounds.get(program) ?? begin(program);
  round.found.push(problems);
  return round.end;
}

function begin(program: object): Round {
  const found: Problems[] = [];
  const round = { found, end: endOf(found, program) };
  rounds.set(program, round);
  return round;
}

/**
 * An async function's promise is one of this module's own realm. Under jest, Node's own promises are of another, which
 * Pulumi's SDK takes for plain values.
 */
async function endOf(found: readonly Problems[], program: object): Promise<never[]> {
  await setImmediate();
  rounds.delete(program);
  const wrong = found.filter(({ problems }) => problems.length > 0);
  if (wrong.length > 0) throw problemsError(...wrong);
  return [];
}
