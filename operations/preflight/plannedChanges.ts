import * as v from "valibot";
import { Failure } from "../../common/failure.ts";
import { ownDescription } from "../../common/marker.ts";
import { childTypes } from "../../common/typeTokens.ts";
import { publicStateOf } from "../../stack/components.ts";
import { exportState, readState } from "../../stack/exportedState.ts";
import { errorsOf, type Plan, previewUpdate } from "../../stack/plan.ts";
import type { PulumiOptions } from "../../stack/pulumiCli.ts";
import type { StackResource } from "../../stack/resource.ts";
import { parseUrn } from "../../stack/urn.ts";
import { isUnknown } from "../../stack/values.ts";
import { componentParts, knownApplicationOf } from "../ownership/componentParts.ts";
import type { KnownApplication } from "../tenant/applicationState.ts";
import { type Marker, markerOf } from "../ownership/marker.ts";
import { type RemovedGeneration, removedCurrent } from "../rotation/removedCurrent.ts";
import { keysInState } from "./keysInState.ts";
import { type PlannedFederatedCredential, plannedFederatedCredentials } from "./federatedCredentials.ts";
import type { CheckResult } from "./checkResult.ts";
import { exchangeRolesLeft } from "./exchangeRoles.ts";
import { type PlannedCertificate, plannedCertificates } from "./plannedCertificates.ts";
import { type PlannedTimedRoles, plannedTimedRoles } from "./timedRoles.ts";
import { type ReplacedCertificate, replacedCertificates } from "./replacedCertificates.ts";

/** What the next `pulumi up` is going to do, as far as it matters before it does it. */
export interface PlannedChanges {
  /** Types of the resources that it touches; undefined where no plan could be made. */
  readonly resourceTypes: ReadonlySet<string> | undefined;
  readonly newApplications: readonly PlannedApplication[];
  /** Those that the state has, and the update is to work on. */
  readonly knownApplications: readonly KnownApplication[];
  readonly newCertificates: readonly PlannedCertificate[];
  readonly newFederatedCredentials: readonly PlannedFederatedCredential[];
  /** Generations that leave although they are the current ones. */
  readonly removedCurrent: readonly RemovedGeneration[];
  /** Certificates that are replaced although their generations stay. */
  readonly replacedCertificates: readonly ReplacedCertificate[];
  /** Names of new credentials whose certificates the state has already. */
  readonly keysInState: readonly string[];
  /** What the update leaves to `exo-auth grant`. */
  readonly exchangeRoles: readonly CheckResult[];
  readonly timedRoles: PlannedTimedRoles;
  /** Why no plan could be made, in the component's or Pulumi's words. */
  readonly problems: readonly string[];
}

/** An application that is to be created. */
export interface PlannedApplication {
  readonly displayName: string;
  /** The component that it is for. */
  readonly component: string;
  /** What its description begins with. */
  readonly own: string;
  /** By which the stack recognises its own; absent where the state has none. */
  readonly marker?: Marker;
}

/** Asks Pulumi for the plan. Nothing is changed. @throws Failure where there is no such stack, project or program */
export async function readPlannedChanges(options: PulumiOptions): Promise<PlannedChanges> {
  // What stays the same says how long a certificate lasts that was made before.
  const [plan, state] = await Promise.all([
    previewUpdate(options, "--show-sames"),
    unlessFailed(async () => exportState(options)),
  ]);
  const current = await unlessFailed(
    async () => state && (await readState(options, publicStateOf, Promise.resolve(state))).components,
  );
  const thumbprints = (current ?? []).flatMap(({ thumbprint }) => thumbprint ?? []);
  return plannedChanges(plan, new Date(), thumbprints, state?.resources ?? []);
}

/** What is there to read; undefined where no update has got so far. */
async function unlessFailed<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

/**
 * What matters of a plan.
 *
 * @param current thumbprints of the last update's current certificates
 * @param known what the state has
 */
export function plannedChanges(
  plan: Plan,
  now: Date,
  current: readonly string[] = [],
  known: readonly StackResource[] = [],
): PlannedChanges {
  const errors = errorsOf(plan);
  const changes = plan.steps.filter(({ op }) => op !== "same");
  const resources = plan.steps.flatMap(({ op, urn, newState }) =>
    newState ? [{ isCreated: op.startsWith("create"), ...newState, urn }] : [],
  );
  return {
    resourceTypes: errors.length > 0 ? undefined : new Set(changes.map(({ urn }) => parseUrn(urn).type)),
    newApplications: resources.flatMap(({ urn, type, isCreated, inputs }) =>
      isCreated && type === childTypes.application && !isUnknown(inputs["displayName"])
        ? [plannedApplication(urn, v.parse(ApplicationInputs, inputs).displayName, known)]
        : [],
    ),
    knownApplications: componentParts(known, []).flatMap((parts) => knownApplicationOf(parts) ?? []),
    newCertificates: plannedCertificates(resources, now),
    newFederatedCredentials: plannedFederatedCredentials(plan.steps),
    removedCurrent: removedCurrent(plan.steps, current),
    replacedCertificates: replacedCertificates(plan, now),
    keysInState: keysInState(plan),
    exchangeRoles: exchangeRolesLeft(plan),
    timedRoles: plannedTimedRoles(plan, now),
    problems: errors.flatMap(({ message }) => problemsIn(message)),
  };
}

const ApplicationInputs = v.object({ displayName: v.string() });

/** The component's application has the component's name. */
function plannedApplication(
  urn: string,
  displayName: string,
  known: readonly StackResource[],
): PlannedApplication {
  const { project, stack, name } = parseUrn(urn);
  const marker = markerOf(name, known);
  const own = ownDescription(project, stack, name);
  return { displayName, component: name, own, ...(marker !== undefined && { marker }) };
}

/** A component lists its problems, under a head that names it where several have some; other errors are one. */
function problemsIn(message: string): string[] {
  const text = message.replace(/^error: /, "").trim();
  const lists = text.split(/\n(?=\S.* has .*, nothing was created:\n)/);
  return lists.flatMap((list) => {
    const [head = "", ...items] = list.split(/\n {2}- /);
    const subject = lists.length > 1 ? `${head.replace(/ has [^]*/, "")}: ` : "";
    return items.length > 0 ? items.map((item) => subject + inOneLine(item)) : [inOneLine(head)];
  });
}

function inOneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
