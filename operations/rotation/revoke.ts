import { says } from "../../common/errorTexts.ts";
import { Failure, usageFailure } from "../../common/failure.ts";
import { childTypes } from "../../common/typeTokens.ts";
import { urnPattern } from "../../stack/urn.ts";
import { applyGenerations, type ConfiguredSubject } from "./applyGenerations.ts";
import { changeByHand, verifiedByHand } from "./byHand.ts";
import { planRevocation } from "./planRevocation.ts";
import { type ProofOptions, proveGeneration } from "./prove.ts";
import { runUpdate } from "../../stack/update.ts";
import { timeText } from "../../common/time.ts";
import { withGenerations, writeSettingsFile } from "../../stack/settingsFile.ts";
import { readSubject, type SubjectOptions } from "./subject.ts";
import { updateFailure } from "./updateProblem.ts";
import type { Generation, StackComponent } from "../../stack/components.ts";
import type { Verification } from "../verification/verify.ts";

/** What `revoke` is asked to do. */
export interface RevokeOptions extends SubjectOptions, Omit<ProofOptions, "now"> {
  /** The generation whose key was stolen. @default the current one */
  readonly generation?: string | undefined;
  /** Removes it before anything takes its place. */
  readonly immediately: boolean;
  readonly confirmed: boolean;
  readonly now?: () => Date;
}

/** What `revoke` did. */
export interface RevokeResult {
  readonly project: string;
  readonly stack: string;
  readonly component: string;
  /** The generation whose key was stolen. */
  readonly generation: string;
  readonly thumbprint: string;
  /** Its credential's id on the application. */
  readonly keyId: string;
  /** Whether its certificate is off the application. */
  readonly revoked: boolean;
  /** The current generation now. */
  readonly current: string;
  /** Until when a token may be valid that was got with the stolen key: an hour from its removal. */
  readonly tokensEnd?: string;
  /** The sign-in with the generation that takes its place. */
  readonly verification?: Verification;
  /** What people have to do. */
  readonly toDo?: string;
}

/** Takes a stolen certificate off the application. @throws Failure */
export async function revoke(options: RevokeOptions): Promise<RevokeResult> {
  const { now = () => new Date(), progress } = options;
  progress("Asking Pulumi for the stack …");
  const subject = await readSubject(options);
  const { state, component, configuration, facts } = subject;
  const stolen = findGeneration(component.generations, options.generation);
  if (!options.confirmed) throw notConfirmed(stolen, component.name);
  const plan = planRevocation(facts, stolen.generation, now().getTime());
  const about = {
    project: state.project,
    stack: state.stack,
    component: component.name,
    generation: stolen.generation,
    thumbprint: stolen.thumbprint,
    keyId: stolen.keyId,
    revoked: false,
    current: facts.deployed[0].name,
  };
  if (plan.supply && plan.final[0] === undefined)
    return { ...about, toDo: nothingLeft(stolen, component.appId) };
  if (!configuration) return { ...about, toDo: changeByHand(component.name, plan.final) };
  const run = { ...options, now, subject: { ...subject, configuration }, stolen };
  const removed = { ...about, revoked: true, current: plan.final[0] ?? "" };
  if (options.immediately) {
    await removeCredential(plan.final, run);
    const tokensEnd = anHourFrom(now());
    const gone = `Generation "${stolen.generation}" is off the application, and what takes its place is not up yet.`;
    const updated = await apply(plan.final, gone, run);
    const [first] = updated.generations;
    if (plan.replacement === undefined || first.privateKeyPem === undefined) return { ...removed, tokensEnd };
    return { ...removed, tokensEnd, verification: await proveGeneration(updated, plan.replacement, run) };
  }
  const verification =
    plan.replacement === undefined ? undefined : await bringUp(plan.replacement, plan.first, run);
  if (plan.replacement !== undefined && verification === undefined)
    return { ...about, toDo: verifiedByHand(component, plan.replacement, plan.final) };
  const proof = verification ? { verification } : {};
  if (verification?.problem) return { ...about, ...proof };
  await apply(plan.final, `Generation "${stolen.generation}" may still be valid.`, run);
  return { ...removed, ...proof, tokensEnd: anHourFrom(now()) };
}

interface Run extends ProofOptions, SubjectOptions {
  readonly subject: ConfiguredSubject;
  readonly stolen: Generation;
}

/** Signs in with the generation that takes the stolen one's place; undefined where its key is elsewhere. */
async function bringUp(
  name: string,
  generations: readonly string[],
  run: Run,
): Promise<Verification | undefined> {
  const { facts, component } = run.subject;
  const isUp = facts.deployed.some((one) => one.name === name);
  const consequence = `Generation "${run.stolen.generation}" is still valid.`;
  const updated = isUp ? component : await apply(generations, consequence, run);
  const replacement = updated.generations.find(({ generation }) => generation === name);
  if (replacement?.privateKeyPem === undefined) return undefined;
  return proveGeneration(updated, name, run);
}

/** Goes on from what an earlier step left behind. */
async function apply(generations: readonly string[], consequence: string, run: Run): Promise<StackComponent> {
  const reread = await readSubject(run);
  const subject = { ...reread, configuration: reread.configuration ?? run.subject.configuration };
  const updated = await applyGenerations(subject, generations, { ...run, consequence });
  if (updated) return updated;
  const change = changeByHand(run.subject.component.name, generations);
  throw new Failure("EXO_AUTH_USAGE", `${consequence} ${change}`);
}

/** Takes the credential alone off the application, with a configuration that does not bring it back. */
async function removeCredential(generations: readonly string[], run: Run): Promise<void> {
  const { stolen, subject } = run;
  const { configuration, component, state } = subject;
  const { file, key } = configuration;
  await writeSettingsFile(file, withGenerations(file.text, key, generations));
  const credential = urnPattern({
    stack: state.stack,
    project: state.project,
    type: childTypes.applicationCertificate,
    name: `${component.name}-cert-${stolen.generation}`,
  });
  run.progress(`Removing certificate ${stolen.thumbprint} …`);
  const { ok, errors } = await runUpdate(["destroy", "--target", credential], run);
  if (!ok && !says(errors, "status404", "targetNotInStack")) {
    throw updateFailure(errors, `Generation "${stolen.generation}" may still be valid.`);
  }
}

function findGeneration(
  generations: readonly [Generation, ...Generation[]],
  wanted: string | undefined,
): Generation {
  const found = generations.find(({ generation }) => wanted === undefined || generation === wanted);
  if (found) return found;
  const names = generations.map(({ generation }) => `"${generation}"`).join(", ");
  throw usageFailure(`--generation names no generation that is up, got "${wanted}". There are ${names}.`);
}

function notConfirmed({ generation, thumbprint }: Generation, component: string): Failure {
  return usageFailure(
    `Generation "${generation}" of component "${component}", certificate ${thumbprint}, would be taken off the application, and whoever still uses it could not sign in any more. Give --yes to do it.`,
  );
}

function nothingLeft({ generation, keyId }: Generation, appId: string): string {
  return `Generation "${generation}" was made elsewhere, and there is no other to take its place. To cut it off now, remove the credential ${keyId} of application ${appId} in Entra (Certificates & secrets). Then make a new certificate, list it as the only generation, with its \`publicCertificate\` and under a new name, and run \`pulumi up\`.`;
}

function anHourFrom(time: Date): string {
  return timeText(time.getTime() + 3_600_000);
}
