import { Failure } from "../../common/failure.ts";
import type { GenerationsConfiguration } from "./generationsConfiguration.ts";
import { decide, type Decision, type StepKind } from "./decide.ts";
import { changeByHand, suppliedByHand, verifiedByHand } from "./byHand.ts";
import { type ProofOptions, proveGeneration } from "./prove.ts";
import { timeText } from "../../common/time.ts";
import { withGenerations, writeSettingsFile } from "../../stack/settingsFile.ts";
import { readSubject, type RotationSubject, type SubjectOptions } from "./subject.ts";
import { applyGenerations } from "./applyGenerations.ts";
import type { StackComponent } from "../../stack/components.ts";
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
}

/** Takes one safe step of a rotation, or none. @throws Failure where it cannot be taken */
export async function rotate(options: RotateOptions): Promise<RotateResult> {
  const { now = () => new Date(), dryRun, overlapMs, renewBeforeMs } = options;
  options.progress("Asking Pulumi for the stack …");
  const subject = await readSubject(options);
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
  if (decision.step === "none") return { ...about, outcome: "nothingDue" };
  if (dryRun) return { ...about, outcome: "planned" };
  return { ...about, ...(await takeStep(decision, subject, { ...options, now })) };
}

type StepResult = Pick<RotateResult, "outcome" | "toDo" | "verification">;

async function takeStep(
  decision: Decision,
  subject: RotationSubject,
  options: RotateOptions & ProofOptions,
): Promise<StepResult> {
  const { step, target, generations } = decision;
  const { component, configuration, facts } = subject;
  if (step === "supply") return { outcome: "toDo", toDo: suppliedByHand(subject, target) };
  const isEdited = target.join() === facts.declared.join();
  if (options.noUp && configuration && isEdited) return { outcome: "waiting" };
  const [name = ""] = generations;
  if (step === "makeCurrent" && isMadeElsewhere(component, name)) {
    return { outcome: "toDo", toDo: verifiedByHand(component, name, target) };
  }
  const verification = step === "makeCurrent" ? await proveGeneration(component, name, options) : undefined;
  const proof = verification ? { verification } : {};
  if (verification?.problem) return { ...proof, outcome: "failed" };
  if (!configuration) return { ...proof, outcome: "toDo", toDo: changeByHand(component.name, target) };
  if (options.noUp) {
    await edit(configuration, target);
    return { ...proof, outcome: "edited" };
  }
  const updated = await applyGenerations({ ...subject, configuration }, target, options);
  if (!updated) return { ...proof, outcome: "toDo", toDo: changeByHand(component.name, target) };
  if (step !== "replaceExpired") return { ...proof, outcome: "done" };
  // Nothing worked before, so there was nothing to wait for: only now can anyone sign in.
  if (isMadeElsewhere(updated, name)) return { outcome: "toDo", toDo: verifiedByHand(updated, name, target) };
  const replacement = await proveGeneration(updated, name, options);
  return { outcome: replacement.problem ? "failed" : "done", verification: replacement };
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
    `--renew-before is no shorter than the certificate's lifetime: generation "${name}" is valid from ${timeText(notBefore)} to ${timeText(notAfter)}, so every run would renew it. Give less.`,
  );
}

function outdatedError({ reason }: Decision): Failure {
  return new Failure(
    "EXO_AUTH_OUTDATED",
    `${reason} Nothing was changed. Get the newest configuration (\`git pull\`); after an interrupted \`exo-auth revoke\`, run that again.`,
  );
}
