import { timeInWords, timeText } from "../../common/time.ts";
import { rotationDue, type Validity } from "./schedule.ts";

/** A generation as the last update left it. */
export interface DeployedGeneration extends Validity {
  readonly name: string;
  /** Whether its private key is elsewhere, so that neither a successor nor a sign-in can be made here. */
  readonly madeElsewhere: boolean;
}

/** What a decision rests on. */
export interface RotationFacts {
  /** The generations' names as the configuration lists them; the next update makes the first the current one. */
  readonly declared: readonly string[];
  /** The current one, whose values the outputs give, comes first. */
  readonly deployed: readonly [DeployedGeneration, ...DeployedGeneration[]];
  /** Names of generations that an update began and did not finish. */
  readonly unfinished: readonly string[];
  /** Since when, at the latest, it is the current one; milliseconds since 1970. */
  readonly currentSince: number;
}

/** How rotation is wanted. */
export interface RotationSettings {
  /** What tells the stack from others of the fleet. */
  readonly spreadKey: string;
  /** How long before its end a certificate is renewed. @default a third of its lifetime */
  readonly renewBeforeMs?: number | undefined;
  /** How long the old generation stays after another became the current one. */
  readonly overlapMs: number;
}

/**
 * What can be the next step:
 * - `none`: nothing is due;
 * - `add`: a generation joins at the end of the list;
 * - `makeCurrent`: a generation that is up is signed in with, then moves to the front;
 * - `remove`: generations that nobody needs any more leave;
 * - `replaceExpired`: no generation is valid any more, so a new one takes their place in one update;
 * - `update`: what the configuration lists is not what the last update left behind;
 * - `supply`: due, but the certificates are made elsewhere;
 * - `outdated`: the configuration lacks the current generation, so an update would remove what consumers use.
 */
export type StepKind =
  | "none"
  | "add"
  | "makeCurrent"
  | "remove"
  | "replaceExpired"
  | "update"
  | "supply"
  | "outdated";

/** The next step. */
export interface Decision {
  readonly step: StepKind;
  /** The generations that join, become the current one, or leave. */
  readonly generations: readonly string[];
  /** The configuration's list after the step. */
  readonly target: readonly string[];
  /** Why, as a sentence. */
  readonly reason: string;
  /** What comes next, and when, where nothing is to be done now. */
  readonly next?: { readonly step: "add" | "makeCurrent" | "remove"; readonly at: string };
}

/** The next step of a rotation, the same for the same facts at the same time. Each leaves a valid certificate in place. */
export function decide(facts: RotationFacts, settings: RotationSettings, now: number): Decision {
  const { declared, deployed, unfinished } = facts;
  const [current] = deployed;
  if (declared.length === 0) return withoutGenerations(current);
  if (isOutdated(declared, current, now)) return outdated(declared, current);
  const up = declared.flatMap((name) => deployed.find((one) => one.name === name) ?? []);
  if (up.some((one) => isExpired(one, now))) return withoutExpired(facts, current, up, now);
  if (up.length < declared.length || up.length < deployed.length || unfinished.length > 0) {
    const target = declared.includes(current.name) ? inFront(declared, current.name) : declared;
    return { step: "update", generations: [], target, reason: differs(declared, facts) };
  }
  const newer = up.filter((one) => succeeds(one, current));
  const newest = latest(newer.filter((one) => one.notBefore <= now));
  if (newest)
    return makeCurrent(newest, inFront(declared, newest.name), `it is newer than ${quote(current)}`);
  if (declared[0] !== current.name) {
    const reason = `The configuration lists a generation before the current one, ${quote(current)}, that is older.`;
    return { step: "update", generations: [], target: inFront(declared, current.name), reason };
  }
  const superseded = up.filter((one) => one !== current && !newer.includes(one));
  return whenDue(facts, settings, now, { current, superseded, newer });
}

/**
 * Whether an update with this configuration would remove the certificate that consumers use: it lacks the current
 * generation, which is still valid. So does a commit from before the last rotation.
 *
 * @param declared the generations' names in the configuration.
 * @param current the last update's current generation.
 */
export function isOutdated(
  declared: readonly string[],
  current: Pick<DeployedGeneration, "name" | "notAfter">,
  now: number,
): boolean {
  return !declared.includes(current.name) && !isExpired(current, now);
}

/** The name of a generation that comes after all these: the largest number among them, plus one. */
export function nextName(names: readonly string[]): string {
  const numbers = names.filter((name) => /^\d{1,15}$/.test(name)).map(Number);
  return String(Math.max(0, ...numbers) + 1);
}

function whenDue(
  facts: RotationFacts,
  { spreadKey, renewBeforeMs, overlapMs }: RotationSettings,
  now: number,
  sorted: Record<"superseded" | "newer", readonly DeployedGeneration[]> & { current: DeployedGeneration },
): Decision {
  const { declared, currentSince } = facts;
  const { current, superseded, newer } = sorted;
  const removal = currentSince + overlapMs;
  if (superseded.length > 0 && now >= removal) {
    const reason = `${quote(current)} has been the current one since ${timeInWords(currentSince)} or longer, so the overlap is over.`;
    return without(declared, superseded, reason);
  }
  const due = rotationDue(current, spreadKey, renewBeforeMs);
  const reason = `Generation ${quote(current)} ends at ${timeInWords(current.notAfter)}. Its successor has been due since ${timeInWords(due)}.`;
  if (newer.length === 0 && now >= due) return successor(facts, current, reason);
  const steps = [
    ...(superseded.length > 0 ? [{ step: "remove" as const, at: removal }] : []),
    ...newer.map(({ notBefore }) => ({ step: "makeCurrent" as const, at: notBefore })),
    ...(newer.length === 0 ? [{ step: "add" as const, at: due }] : []),
  ];
  const [{ step, at }] = steps.toSorted((a, b) => a.at - b.at) as [(typeof steps)[number]];
  return {
    step: "none",
    generations: [],
    target: declared,
    reason: `Generation ${quote(current)} is valid until ${timeInWords(current.notAfter)}.`,
    next: { step, at: timeText(at) },
  };
}

function successor(facts: RotationFacts, current: DeployedGeneration, reason: string): Decision {
  const { declared } = facts;
  const name = nextName(namesOf(facts));
  const step = current.madeElsewhere ? "supply" : "add";
  return { step, generations: [name], target: [...declared, name], reason };
}

/**
 * The tls plugin plans the replacement of an expired certificate whatever `ignoreChanges` says, so no update may keep
 * one: it leaves in the very update that brings or promotes another.
 */
function withoutExpired(
  facts: RotationFacts,
  current: DeployedGeneration,
  up: readonly DeployedGeneration[],
  now: number,
): Decision {
  const expired = up.filter((one) => isExpired(one, now));
  const kept = facts.declared.filter((name) => !expired.some((one) => one.name === name));
  const working = up.filter((one) => kept.includes(one.name) && one.notBefore <= now);
  if (working.includes(current)) {
    return without(
      inFront(facts.declared, current.name),
      expired,
      `${expired.map(quote).join(", ")} expired.`,
    );
  }
  const reason = `Generation ${quote(current)}, the current one, expired at ${timeInWords(current.notAfter)}.`;
  const newest = latest(working);
  if (newest) return makeCurrent(newest, inFront(kept, newest.name), "the current one expired");
  if (kept.length > 0) return { step: "replaceExpired", generations: kept, target: kept, reason };
  const name = nextName(namesOf(facts));
  const step = current.madeElsewhere ? "supply" : "replaceExpired";
  return { step, generations: [name], target: [name], reason };
}

/** A configuration from before a rotation lists one at least, so whoever lists none wants no certificate. */
function withoutGenerations(current: DeployedGeneration): Decision {
  return {
    step: "none",
    generations: [],
    target: [],
    reason: `The configuration lists no generation, so the next \`pulumi up\` removes ${quote(current)}, the last certificate.`,
  };
}

function outdated(declared: readonly string[], current: DeployedGeneration): Decision {
  return {
    step: "outdated",
    generations: [current.name],
    target: declared,
    reason: `The configuration lists ${list(declared)}, but the last update made ${quote(current)} the current generation, and an update would remove it.`,
  };
}

/** Certificates made elsewhere may have lain about before they were given, so of two of them the later end decides. */
function succeeds(one: DeployedGeneration, current: DeployedGeneration): boolean {
  return one.madeElsewhere && current.madeElsewhere
    ? one.notAfter > current.notAfter
    : one.notBefore > current.notBefore;
}

function makeCurrent({ name }: DeployedGeneration, target: readonly string[], why: string): Decision {
  return {
    step: "makeCurrent",
    generations: [name],
    target,
    reason: `Generation "${name}" is deployed, and ${why}.`,
  };
}

function without(
  declared: readonly string[],
  leaving: readonly DeployedGeneration[],
  reason: string,
): Decision {
  const generations = leaving.map(({ name }) => name);
  return {
    step: "remove",
    generations,
    target: declared.filter((name) => !generations.includes(name)),
    reason,
  };
}

function differs(declared: readonly string[], { deployed, unfinished }: RotationFacts): string {
  if (unfinished.length > 0) return `The last update did not finish ${list(unfinished)}.`;
  return `The configuration lists ${list(declared)}, but the last update left ${list(deployed.map(({ name }) => name))}.`;
}

function namesOf({ declared, deployed, unfinished }: RotationFacts): readonly string[] {
  return [...declared, ...deployed.map(({ name }) => name), ...unfinished];
}

function inFront(names: readonly string[], first: string): readonly string[] {
  return [first, ...names.filter((name) => name !== first)];
}

function latest(generations: readonly DeployedGeneration[]): DeployedGeneration | undefined {
  return generations.toSorted((a, b) => b.notBefore - a.notBefore)[0];
}

function isExpired({ notAfter }: Pick<DeployedGeneration, "notAfter">, now: number): boolean {
  return now >= notAfter;
}

function quote({ name }: { readonly name: string }): string {
  return `"${name}"`;
}

function list(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}
