import { Failure } from "../../common/failure.ts";
import type { GenerationsConfiguration } from "./generationsConfiguration.ts";
import { decide, type Decision, type StepKind } from "./decide.ts";
import { changeByHand, suppliedByHand, verifiedByHand } from "./byHand.ts";
import { type ProofOptions, proveGeneration } from "./prove.ts";
import { timeInWords } from "../../common/time.ts";
import { withGenerations, writeSettingsFile } from "../../stack/settingsFile.ts";
import { readStackSubject, rotationSubject, type RotationSubject, type SubjectOptions } from "./subject.ts";
import { applyGenerations } from "./applyGenerations.ts";
import { findCopies } from "./certificateCopies.ts";
import { keptText } from "./keptGeneration.ts";
import { isCertified } from "../../stack/certifiedComponent.ts";
import { type Generation, type StackComponent } from "../../stack/components.ts";
import { requireSameGenerations } from "./requireSameGenerations.ts";
import { requireSignIn, requireUsable } from "./requireSignIn.ts";
import { type TenantAccess, tenantAccess } from "../tenant/tenantAccess.ts";
import type { Verification } from "../verification/verify.ts";

/** What `rotate` is asked to do. */
export interface RotateOptions extends SubjectOptions, Omit<ProofOptions, "now"> {
  /** Says what would happen, and changes nothing. */
  readonly dryRun: boolean;
  /** Edits the stack's configuration and leaves the update to others. */
  readonly noUp: boolean;
  /** How long before its end a certificate is renewed, in milliseconds. @default a third of its lifetime */
  readonly renewBeforeMs?: number | undefined;
  /** How long the old certificate stays after another became the current one, in milliseconds. */
  readonly overlapMs: number;
  readonly now?: () => Date;
  /** @default the tenant that the state names, as the identity of the environment */
  readonly tenant?: TenantAccess;
}

/** What `rotate` did. */
export interface RotateResult {
  readonly project: string;
  readonly stack: string;
  readonly component: string;
  /** The step that was due. */
  readonly step: StepKind;
  /**
   * What came of it: nothing is due; it is only planned (`--dry-run`); it is done; the configuration is edited
   * (`--no-up`); what was edited waits for `pulumi up`; it is for people to do; it did not work.
   */
  readonly outcome: "nothingDue" | "planned" | "done" | "edited" | "waiting" | "toDo" | "failed";
  readonly reason: string;
  /** The generations that join, become the current one, or leave. */
  readonly generations: readonly string[];
  /** The configuration's generations before and after the step. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** The settings file that lists them; absent where they are elsewhere. */
  readonly settings?: string;
  /** What comes next, and when, where nothing is due. */
  readonly next?: Decision["next"];
  /** What people have to do. */
  readonly toDo?: string;
  /** The sign-in that was tried. */
  readonly verification?: Verification;
  /** Whether the tenant lists the current certificate, where its private key is elsewhere and another one was to go. */
  readonly seenInTenant?: boolean;
}

/** Takes one safe step of a rotation, or none. @throws Failure where it cannot be taken; ApiError, SignInError */
export async function rotate(options: RotateOptions): Promise<RotateResult> {
  const { now = () => new Date(), dryRun, overlapMs, renewBeforeMs } = options;
  options.progress("Asking Pulumi for the stack …");
  const { component, ...read } = await readStackSubject(options);
  const openTenant = async () => options.tenant ?? (await tenantAccess(component, options));
  if (!isCertified(component)) {
    await look(component, openTenant, options);
    return nothingToRotate(component, read);
  }
  const subject = await rotationSubject({ ...read, component }, options);
  const { facts, configuration } = subject;
  const { project, stack } = subject.state;
  checkRenewBefore(subject, renewBeforeMs);
  const settings = { spreadKey: `${project}/${stack}`, renewBeforeMs, overlapMs };
  const decision = decide(facts, settings, now().getTime());
  if (decision.step === "outdated") throw outdatedError(decision);
  const about = {
    project,
    stack,
    component: subject.component.name,
    step: decision.step,
    reason: decision.reason,
    generations: decision.generations,
    before: facts.declared,
    after: decision.target,
    ...(configuration ? { settings: configuration.file.path } : {}),
    ...(decision.next ? { next: decision.next } : {}),
  };
  await look(component, openTenant, options);
  if (decision.step === "none") return { ...about, outcome: "nothingDue" };
  if (dryRun) return { ...about, outcome: "planned" };
  return { ...about, ...(await takeStep({ decision, subject, openTenant, options: { ...options, now } })) };
}

/**
 * Goes no further where the application is gone or blocked, even if nothing is due: this may be the one command that runs each
 * day. Whoever only edits has no identity in the tenant; whoever updates has the deploying one.
 */
async function look(
  component: StackComponent,
  openTenant: () => Promise<TenantAccess>,
  options: Pick<RotateOptions, "dryRun" | "noUp" | "env" | "signal">,
): Promise<void> {
  if (options.dryRun || options.noUp) await requireSignIn(component, options);
  else await requireUsable(component, openTenant, options);
}

/** Where nothing but federated credentials signs in, nothing ends. */
function nothingToRotate(
  { name }: StackComponent,
  { state: { project, stack } }: Pick<RotationSubject, "state">,
): RotateResult {
  return {
    project,
    stack,
    component: name,
    step: "none",
    outcome: "nothingDue",
    reason:
      "Nothing needs rotating: the component has no certificate, and a federated credential has no end.",
    generations: [],
    before: [],
    after: [],
  };
}

type StepResult = Pick<RotateResult, "outcome" | "toDo" | "verification" | "seenInTenant">;

interface Step {
  readonly decision: Decision;
  readonly subject: RotationSubject;
  readonly options: RotateOptions & ProofOptions;
  readonly openTenant: () => Promise<TenantAccess>;
}

/** Proves what the step rests on, then takes it, or leaves it to others. */
async function takeStep(taken: Step): Promise<StepResult> {
  const { decision, subject, options } = taken;
  const { step, target } = decision;
  const { configuration, facts } = subject;
  if (step === "supply") return { outcome: "toDo", toDo: suppliedByHand(subject, target) };
  // An expired one accepts nobody, and its successor must not wait.
  const leaving = step === "replaceExpired" ? [] : leavingOf(decision, subject);
  const kept = keptText(subject.resources, subject.component.name, leaving);
  if (kept !== undefined) return { outcome: "toDo", toDo: `${kept} Then run this again.` };
  const isEdited = target.join() === facts.declared.join();
  if (options.noUp && configuration && isEdited) return { outcome: "waiting" };
  const proof = await proveFirst(taken);
  if (proof.outcome !== undefined) return { ...proof, outcome: proof.outcome };
  if (!configuration) return { ...proof, outcome: "toDo", toDo: changeByHand(subject, target) };
  if (options.noUp) {
    await edit(configuration, target);
    return { ...proof, outcome: "edited" };
  }
  const { component: now } = await readStackSubject(options);
  requireSameGenerations(subject.component, now);
  const updated = await applyGenerations({ ...subject, configuration }, target, options);
  if (!updated) return { ...proof, outcome: "toDo", toDo: changeByHand(subject, target) };
  // Where nothing worked before, there was nothing to prove: only now can anyone sign in.
  return step === "replaceExpired"
    ? proveReplacement(updated, decision, options)
    : { ...proof, outcome: "done" };
}

/** A proof; with an outcome where the step must not be taken. */
type Proof = Partial<StepResult>;

/**
 * What becomes or stays the current one must work before it does, and before another one goes: nobody may be left with
 * a certificate that the tenant does not accept.
 */
async function proveFirst({ decision, subject, options, openTenant }: Step): Promise<Proof> {
  const { step, target, generations } = decision;
  const { component } = subject;
  if (step === "makeCurrent") {
    const [name = ""] = generations;
    return isMadeElsewhere(component, name)
      ? { outcome: "toDo", toDo: verifiedByHand(subject, name, target) }
      : proveBySignIn(component, name, options);
  }
  const staying = stayingCurrent(decision, subject);
  if (staying === undefined) return {};
  // It has been the current one for long: there is no server to wait for, and the next run tries again.
  return staying.privateKeyPem === undefined
    ? proveByRead(staying, component, await openTenant())
    : proveBySignIn(component, staying.generation, { ...options, waitMs: 0 });
}

/** The generations that are up, and that the step takes away. */
function leavingOf({ target }: Decision, { facts }: RotationSubject): readonly string[] {
  return facts.deployed.map(({ name }) => name).filter((name) => !target.includes(name));
}

/** The current generation, where the step takes another away that is up. */
function stayingCurrent(decision: Decision, subject: RotationSubject) {
  const { step, target } = decision;
  const { component } = subject;
  if (step === "replaceExpired" || leavingOf(decision, subject).length === 0) return undefined;
  return component.generations.find(({ generation }) => generation === target[0]);
}

async function proveBySignIn(component: StackComponent, name: string, options: ProofOptions): Promise<Proof> {
  const verification = await proveGeneration(component, name, options);
  return { verification, ...(verification.problem ? { outcome: "failed" } : {}) };
}

/** Where its private key is elsewhere, the tenant must at least list the certificate. */
async function proveByRead(
  generation: Generation,
  component: StackComponent,
  { application }: TenantAccess,
): Promise<Proof> {
  const { copies } = await findCopies(application, component, generation);
  const seenInTenant = copies.length > 0;
  if (seenInTenant) return { seenInTenant };
  const toDo = `Certificate ${generation.thumbprint}, generation "${generation.generation}", is no longer on application ${component.appId}, so nothing is removed. Run \`exo-auth audit\`. \`pulumi up --refresh\` puts the credential back.`;
  return { seenInTenant, outcome: "failed", toDo };
}

async function proveReplacement(
  updated: StackComponent,
  { generations: [name = ""], target }: Decision,
  options: ProofOptions,
): Promise<StepResult> {
  if (isMadeElsewhere(updated, name))
    return {
      outcome: "toDo",
      toDo: verifiedByHand({ component: updated, language: undefined }, name, target),
    };
  const verification = await proveGeneration(updated, name, options);
  return { outcome: verification.problem ? "failed" : "done", verification };
}

function isMadeElsewhere({ generations }: StackComponent, name: string): boolean {
  return generations.find(({ generation }) => generation === name)?.privateKeyPem === undefined;
}

async function edit({ file, key }: GenerationsConfiguration, target: readonly string[]): Promise<void> {
  await writeSettingsFile(file, withGenerations(file.text, key, target));
}

function checkRenewBefore({ facts }: RotationSubject, renewBeforeMs: number | undefined): void {
  const [{ name, notBefore, notAfter }] = facts.deployed;
  if (renewBeforeMs === undefined || renewBeforeMs < notAfter - notBefore) return;
  throw new Failure(
    "EXO_AUTH_USAGE",
    `--renew-before must be shorter than the certificate's lifetime: generation "${name}" is valid from ${timeInWords(notBefore)} to ${timeInWords(notAfter)}, so every run would renew it. Give less.`,
  );
}

function outdatedError({ reason }: Decision): Failure {
  return new Failure(
    "EXO_AUTH_OUTDATED",
    `${reason} Nothing was changed. Get the newest configuration (\`git pull\`). If \`exo-auth revoke\` was interrupted, run it again.`,
  );
}
