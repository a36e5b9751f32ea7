import path from "node:path";

import type { PulumiOptions } from "../../stack/pulumiCli.ts";
import { type CertifiedComponent, requireCertificate } from "../../stack/certifiedComponent.ts";
import {
  type Generation,
  type StackComponent,
  type StackState,
  stackStateOf,
} from "../../stack/components.ts";
import { selectComponent } from "../../stack/selectComponents.ts";
import { exportStateWithSecrets } from "../../stack/exportedState.ts";
import { languageOfProject } from "../../stack/projectFile.ts";
import { requireOwnSignIn } from "../../stack/redirectedSignIn.ts";
import type { StackResource } from "../../stack/resource.ts";
import { type GenerationsConfiguration, readGenerationsConfiguration } from "./generationsConfiguration.ts";
import type { DeployedGeneration, RotationFacts } from "./decide.ts";
import { readHistory } from "../../stack/history.ts";
import { currentSince } from "./currentSince.ts";

/** The component whose certificates are rotated, with all that a decision rests on. */
export interface RotationSubject {
  readonly state: StackState;
  /** The whole state's, those that only wait to be deleted too. */
  readonly resources: readonly StackResource[];
  readonly component: CertifiedComponent;
  /** Undefined where the generations are not in the stack's own settings file. */
  readonly configuration: GenerationsConfiguration | undefined;
  /** As Pulumi names that of the program that lists the generations; undefined where the settings file does. */
  readonly language: string | undefined;
  readonly facts: RotationFacts;
}

/** Which component of which stack. */
export interface SubjectOptions extends PulumiOptions {
  /** @default the only one */
  readonly component?: string | undefined;
}

/** A component of a stack, which may have no certificate. */
export interface StackSubject extends Pick<RotationSubject, "state" | "resources"> {
  readonly component: StackComponent;
}

/** Asks Pulumi for the stack's state. Changes nothing. @throws Failure */
export async function readStackSubject(options: SubjectOptions): Promise<StackSubject> {
  const exported = await exportStateWithSecrets(options);
  await requireOwnSignIn("update", exported, options);
  const state = stackStateOf(exported);
  return { state, resources: exported.resources, component: selectComponent(state, options.component) };
}

/**
 * Asks Pulumi for the stack's state, configuration and history. Changes nothing.
 *
 * @throws Failure, also where the component has no certificate
 */
export async function readSubject(options: SubjectOptions): Promise<RotationSubject> {
  const { component, ...subject } = await readStackSubject(options);
  return rotationSubject({ ...subject, component: requireCertificate(component) }, options);
}

/** The subject of a rotation, with what Pulumi's configuration and history say. @throws Failure */
export async function rotationSubject(
  { state, resources, component }: Pick<RotationSubject, "state" | "resources" | "component">,
  options: SubjectOptions,
): Promise<RotationSubject> {
  // The program takes the generations of one component from its configuration.
  const isOnly = state.components.length + state.incomplete.length === 1;
  const configuration = isOnly ? await readGenerationsConfiguration(state, options) : undefined;
  const language = configuration
    ? undefined
    : await languageOfProject(path.resolve(options.cwd ?? process.cwd()));
  const [first, ...others] = component.generations;
  const current = deployed(first);
  const since = configuration
    ? currentSince(await readHistory(options), configuration.key, current.name)
    : undefined;
  const rest = others.map(deployed).toSorted((a, b) => a.notBefore - b.notBefore);
  return {
    state,
    resources,
    component,
    configuration,
    language,
    facts: {
      declared: (configuration?.declared ?? [current, ...rest]).map(({ name }) => name),
      deployed: [current, ...rest],
      unfinished: component.unfinished,
      currentSince: Math.max(since ?? Date.parse(state.updated), current.notBefore),
    },
  };
}

function deployed(generation: Generation): DeployedGeneration {
  return {
    name: generation.generation,
    notBefore: Date.parse(generation.certificateNotBefore),
    notAfter: Date.parse(generation.certificateNotAfter),
    madeElsewhere: generation.privateKeyPem === undefined,
  };
}
