import { type Failure, usageFailure } from "../../common/failure.ts";
import type { Generation, StackComponent } from "../../stack/components.ts";
import type { Baseline } from "../findings/baseline.ts";
import type { Finding, Unread } from "../findings/finding.ts";
import { applicationFailure, applicationProblem, requireApplication } from "../tenant/applicationState.ts";
import { type TenantAccess, tenantAccess } from "../tenant/tenantAccess.ts";
import type { Verification } from "../verification/verify.ts";
import { changeByHand, verifiedByHand } from "./byHand.ts";
import type { CertificateCopy } from "./certificateCopies.ts";
import { keptText } from "./keptGeneration.ts";
import { lookAround } from "./lookAround.ts";
import { planRevocation, type RevocationPlan } from "./planRevocation.ts";
import { type ProofOptions, proveGeneration } from "./prove.ts";
import { proveRevocation, type RevocationProof } from "./proveRevocation.ts";
import { readSubject, type RotationSubject, type SubjectOptions } from "./subject.ts";
import { generationsOfKey, stolenGeneration } from "./stolenKey.ts";
import { bringUp, type RevocationRun, takeAway } from "./takeAway.ts";
import { tokensEndAfter } from "./tokenLifetime.ts";

/** What `revoke` is asked to do. */
export interface RevokeOptions extends SubjectOptions, Omit<ProofOptions, "now"> {
  /** The generation whose key was stolen. @default the current one */
  readonly generation?: string | undefined;
  /** Removes it before anything takes its place. */
  readonly immediately: boolean;
  readonly confirmed: boolean;
  readonly now?: () => Date;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Findings that are known, and not what a thief left. @default none */
  readonly baseline?: Baseline;
  /** @default the tenant that the state names, as the identity of the environment */
  readonly tenant?: TenantAccess;
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
  /** Other generations with the same private key, which leave with it; absent where there are none. */
  readonly sameKey?: readonly string[];
  /** Whether its certificate is off application and service principal, as the tenant says. */
  readonly revoked: boolean;
  /** The current generation now. */
  readonly current: string;
  /** The credentials with the certificate's bytes that were removed, under whatever key ID. */
  readonly removed?: readonly CertificateCopy[];
  /** Credentials of others that the removal's write took along, and that were put back. */
  readonly putBack?: readonly CertificateCopy[];
  /** How the tenant shows that the certificate is refused. */
  readonly proof?: RevocationProof;
  /** Until when a token may live that was got with the stolen key: 90 minutes, where no policy makes it longer. */
  readonly tokensEnd?: string;
  /** The sign-in with the generation that takes its place. */
  readonly verification?: Verification;
  /** What grants access, and is neither declared nor accepted: what a thief may have left. */
  readonly left?: readonly Finding[];
  /** What of that could not be looked at. */
  readonly notLookedAt?: readonly Unread[];
  /** What people have to do. */
  readonly toDo?: string;
}

/** Takes a stolen certificate off application and service principal, and proves it. @throws Failure, ApiError, SignInError */
export async function revoke(options: RevokeOptions): Promise<RevokeResult> {
  const { now = () => new Date(), progress, immediately } = options;
  progress("Asking Pulumi for the stack …");
  const subject = await readSubject(options);
  const { state, component, facts } = subject;
  const stolen = stolenGeneration(findGeneration(component.generations, options.generation));
  const [, ...sameKey] = generationsOfKey(stolen, component.generations);
  if (!options.confirmed) throw notConfirmed(stolen, sameKey, component.name);
  const tenant = options.tenant ?? (await tenantAccess(component, options));
  progress(`Asking ${component.tenantDomain} …`);
  const isBlocked = (await requireApplication(tenant.graph, component, ["present", "blocked"])) === "blocked";
  if (isBlocked && !immediately) throw blockedBeforeProof(component);
  const plan = planRevocation(facts, [stolen.generation, ...sameKey], now().getTime());
  const about = {
    project: state.project,
    stack: state.stack,
    component: component.name,
    generation: stolen.generation,
    thumbprint: stolen.thumbprint,
    keyId: stolen.keyId,
    revoked: false,
    current: facts.deployed[0].name,
    ...(sameKey.length > 0 ? { sameKey } : {}),
  };
  const toDo = obstacle(subject, [stolen, ...sameKey], plan);
  if (toDo !== undefined || !subject.configuration) return { ...about, ...(toDo ? { toDo } : {}) };
  const { configuration } = subject;
  const run = { ...options, now, subject: { ...subject, configuration }, stolen, plan, tenant };
  const before = immediately ? {} : await replacementFirst(run);
  if (before.toDo !== undefined || before.verification?.problem) return { ...about, ...before };
  const { updated, ...removal } = await takeAway(run);
  const tokensEnd = tokensEndAfter(now());
  const after = immediately && !isBlocked ? await replacementAfterwards(run, updated) : {};
  const proof = await proveRevocation(run, isBlocked);
  const leaving = new Set([stolen.generation, ...sameKey]);
  const isListed = updated.generations.some(({ generation }) => leaving.has(generation));
  return {
    ...about,
    ...removal,
    ...before,
    ...after,
    revoked: proof.copies.length === 0,
    current: plan.final[0] ?? "",
    proof,
    tokensEnd,
    ...(await lookAround(component.name, run, options.baseline ?? [])),
    ...(isListed ? { toDo: changeByHand(subject, plan.final) } : {}),
  };
}

type Replacement = Pick<RevokeResult, "verification" | "toDo">;

/** Signs in with what takes the stolen one's place, before the stolen one goes. */
async function replacementFirst(run: RevocationRun): Promise<Replacement> {
  const { replacement, final } = run.plan;
  if (replacement === undefined) return {};
  const updated = await bringUp(replacement, run);
  const toDo = stolenAgain(run, updated);
  if (toDo !== undefined) return { toDo };
  if (isElsewhere(updated, replacement)) return { toDo: verifiedByHand(run.subject, replacement, final) };
  return { verification: await proveGeneration(updated, replacement, run) };
}

/** Signs in with what took the stolen one's place. */
async function replacementAfterwards(run: RevocationRun, updated: StackComponent): Promise<Replacement> {
  const { replacement } = run.plan;
  const toDo = stolenAgain(run, updated);
  if (toDo !== undefined) return { toDo };
  if (replacement === undefined || isElsewhere(updated, replacement)) return {};
  return { verification: await proveGeneration(updated, replacement, run) };
}

/** What to do where the generation that was to take the stolen one's place has the stolen key: a state did not know it yet. */
function stolenAgain({ stolen, plan }: RevocationRun, { generations }: StackComponent): string | undefined {
  const [, ...sameKey] = generationsOfKey(stolen, generations);
  const name = sameKey.find((one) => one === plan.replacement);
  if (name === undefined) return undefined;
  return `Generation "${name}" has the private key that was stolen, so it cannot take the place of generation "${stolen.generation}". Run this again: it removes both, and creates another one.`;
}

function isElsewhere({ generations }: StackComponent, name: string): boolean {
  return generations.find(({ generation }) => generation === name)?.privateKeyPem === undefined;
}

/** What stands in the way of a revocation, and what to do; undefined where nothing does. */
function obstacle(
  subject: RotationSubject,
  [stolen, ...sameKey]: readonly [Generation, ...string[]],
  plan: RevocationPlan,
): string | undefined {
  const { component, configuration, resources } = subject;
  const cutOff = "To stop every sign-in until then, run `exo-auth revoke --block --yes`.";
  if (plan.supply && plan.final[0] === undefined) return `${nothingLeft(stolen, component.appId)} ${cutOff}`;
  const kept = keptText(resources, component.name, [stolen.generation, ...sameKey]);
  if (kept !== undefined) return `${kept} ${cutOff}`;
  return configuration ? undefined : `${changeByHand(subject, plan.final)} ${cutOff}`;
}

function findGeneration(
  generations: readonly [Generation, ...Generation[]],
  wanted: string | undefined,
): Generation {
  const found = generations.find(({ generation }) => wanted === undefined || generation === wanted);
  if (found) return found;
  const names = generations.map(({ generation }) => `"${generation}"`).join(", ");
  throw usageFailure(`--generation must name a deployed generation, got "${wanted}". There are ${names}.`);
}

function notConfirmed(
  { generation, thumbprint }: Generation,
  sameKey: readonly string[],
  component: string,
): Failure {
  const others =
    sameKey.length === 0
      ? ""
      : ` The same private key is in ${sameKey.map((name) => `generation "${name}"`).join(", ")}, which would be removed, too.`;
  return usageFailure(
    `Generation "${generation}" of component "${component}", certificate ${thumbprint}, would be removed from the application, and jobs that still use it could no longer sign in.${others} To do this, add --yes.`,
  );
}

function blockedBeforeProof(component: StackComponent): Failure {
  return applicationFailure(
    applicationProblem("blocked", component),
    `Nothing was changed, because no sign-in can prove the successor of the stolen certificate. Add --now, which removes the stolen one first. Nobody can sign in anyway.`,
  );
}

function nothingLeft({ generation, keyId }: Generation, appId: string): string {
  return `Generation "${generation}" was created elsewhere, and there is no other to take its place. To remove it now, remove the credential ${keyId} of application ${appId} in Entra (Certificates & secrets). Then create a new certificate. List it as the only generation, with its \`publicCertificate\` and a new name. Run \`pulumi up\`.`;
}
