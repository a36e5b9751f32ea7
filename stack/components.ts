import * as v from "valibot";
import { Failure } from "../common/failure.ts";
import { appCertificateType, childTypes, componentType } from "../common/typeTokens.ts";
import { Cloud, cloudsOfDomain } from "../microsoft/clouds.ts";
import { type ExportedState, exportState } from "./exportedState.ts";
import { neverDeployed } from "./neverDeployed.ts";
import type { PulumiOptions } from "./pulumiCli.ts";
import { type RecordState, readRecord } from "./record.ts";
import type { StackResource } from "./resource.ts";
import { parseUrn } from "./urn.ts";
import { isUnknown, plain } from "./values.ts";

/** What a stack's last update left behind, as far as it is ours. */
export interface StackState {
  readonly project: string;
  readonly stack: string;
  /** When the last update ended, RFC 3339. */
  readonly updated: string;
  readonly components: readonly StackComponent[];
  /** Those that an update has not finished, so that what the state says of them is not whole. */
  readonly incomplete: readonly IncompleteComponent[];
}

/** A component that an update has not finished. */
export interface IncompleteComponent {
  readonly name: string;
  /** What the state lacks, and what to do. */
  readonly failure: Failure;
}

/** One `ExchangeAppOnlyAuth` with its outputs. */
export interface StackComponent extends v.InferOutput<typeof ComponentOutputs> {
  readonly name: string;
  readonly cloud: Cloud;
  /** Template ids of the roles that its service principal holds. */
  readonly roleTemplateIds: readonly string[];
  /** Ids of the app roles that its service principal was assigned. */
  readonly appRoleIds: readonly string[];
  /** Its certificates, the current one first. */
  readonly generations: readonly [Generation, ...Generation[]];
  /** What it declares. */
  readonly record: RecordState;
  /** Names of the generations that an update began and did not finish. */
  readonly unfinished: readonly string[];
  /** Whether the stack made the application, rather than found it. */
  readonly isOwn: boolean;
}

/** One certificate of a component. */
export type Generation = v.InferOutput<typeof CertificateOutputs>;

/** Reads a stack's components, with their secrets, out of its state. @throws Failure where Pulumi cannot read it */
export async function readStack(options: PulumiOptions): Promise<StackState> {
  return stackStateOf(await exportState(options));
}

/** The components in a state that was exported with its secrets. */
export function stackStateOf({ project, stack, updated, resources }: ExportedState): StackState {
  const standing = resources.filter((resource) => !resource.delete);
  const components: StackComponent[] = [];
  const incomplete: IncompleteComponent[] = [];
  for (const resource of standing.filter(({ type }) => type === componentType)) {
    try {
      components.push(component(resource, standing));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      incomplete.push({ name: parseUrn(resource.urn).name, failure: error });
    }
  }
  return { project, stack, updated, components, incomplete };
}

/**
 * The components that a command is for.
 *
 * @throws Failure where there is none, none of that name, or an update has not finished one of them
 */
export function selectComponents(
  state: StackState,
  wanted: string | undefined,
): readonly [StackComponent, ...StackComponent[]] {
  const { selected, incomplete } = findComponents(state, wanted);
  if (incomplete[0]) throw incomplete[0].failure;
  const [first, ...others] = selected;
  if (first) return [first, ...others];
  throw noComponent(state, wanted);
}

/**
 * As `selectComponents`, for a command that goes on with the others where an update has not finished one.
 *
 * @throws Failure where there is none, or none of that name
 */
export function findComponents(
  state: StackState,
  wanted: string | undefined,
): { readonly selected: readonly StackComponent[]; readonly incomplete: readonly IncompleteComponent[] } {
  const isWanted = ({ name }: { readonly name: string }): boolean => wanted === undefined || name === wanted;
  const [selected, incomplete] = [state.components.filter(isWanted), state.incomplete.filter(isWanted)];
  if (selected.length + incomplete.length > 0) return { selected, incomplete };
  throw noComponent(state, wanted);
}

function noComponent({ components, incomplete, project, stack }: StackState, wanted?: string): Failure {
  if (stack === "") return neverDeployed();
  const all = [...components, ...incomplete];
  const names = all.map(({ name }) => `"${name}"`).join(", ");
  return new Failure(
    "EXO_AUTH_NO_COMPONENT",
    all.length === 0
      ? `Stack "${stack}" of project "${project}" has no ExchangeAppOnlyAuth. Run \`pulumi up\`, or choose another stack with --stack.`
      : `--component names no component of the stack, got "${wanted}". It has ${names}.`,
  );
}

/** The one component that a command which writes is for. @throws Failure where there are several, and none is named */
export function selectComponent(state: StackState, wanted: string | undefined): StackComponent {
  const { selected, incomplete } = findComponents(state, wanted);
  const found = [...selected, ...incomplete];
  if (found.length > 1) throw severalComponents(found.map(({ name }) => name));
  return selectComponents(state, wanted)[0];
}

/** Why a command that writes goes no further in a stack with several components. */
export function severalComponents(names: readonly string[]): Failure {
  return new Failure(
    "EXO_AUTH_NO_COMPONENT",
    `The stack has several components: ${names.map((name) => `"${name}"`).join(", ")}. Choose one with --component.`,
  );
}

/** A text that is known: an update of some resources alone writes a mark for what the others would give. */
const Known = v.pipe(
  v.string(),
  v.check((value) => !isUnknown(value)),
);

const ComponentOutputs = v.object({
  appId: Known,
  thumbprint: Known,
  tenantDomain: Known,
  tenantId: Known,
  applicationObjectId: Known,
  servicePrincipalObjectId: Known,
  connectExchangeOnline: Known,
  connectIppsSession: v.optional(Known),
});

const CertificateOutputs = v.object({
  generation: Known,
  keyId: Known,
  certificatePem: Known,
  thumbprint: Known,
  certificateThumbprintSha256: Known,
  certificateNotBefore: Known,
  certificateNotAfter: Known,
  certificateDerBase64: Known,
  privateKeyPem: v.optional(Known),
  pfxBase64: v.optional(Known),
  pfxPassword: v.optional(Known),
});

function component(resource: StackResource, all: readonly StackResource[]): StackComponent {
  const name = parseUrn(resource.urn).name;
  const children = all.filter(({ parent }) => parent === resource.urn);
  const outputs = readOutputs(`Component "${name}"`, resource, ComponentOutputs);
  const certificates = children
    .filter(({ type }) => type === appCertificateType)
    .map((child) => ({ child, parsed: v.safeParse(CertificateOutputs, plain(child.outputs)) }));
  const generations = certificates.flatMap(({ parsed }) => (parsed.success ? [parsed.output] : []));
  const current = generations.find(({ thumbprint }) => thumbprint === outputs.thumbprint);
  if (current === undefined) throw unfinishedFailure(`Component "${name}"`, "its current certificate");
  return {
    ...outputs,
    name,
    cloud: cloudOf(resource.inputs, outputs.tenantDomain),
    record: readRecord(resource),
    roleTemplateIds: strings(children, childTypes.directoryRoleAssignment, "roleId"),
    appRoleIds: strings(children, childTypes.appRoleAssignment, "appRoleId"),
    generations: [current, ...generations.filter((generation) => generation !== current)],
    unfinished: certificates.flatMap(({ child, parsed }) =>
      parsed.success ? [] : [parseUrn(child.urn).name.slice(`${name}-cert-`.length)],
    ),
    isOwn: children.some(({ type }) => type === childTypes.application),
  };
}

/** @throws Failure where an update has not got so far. */
function readOutputs<T>(what: string, resource: StackResource, schema: v.GenericSchema<unknown, T>): T {
  const parsed = v.safeParse(schema, plain(resource.outputs));
  if (parsed.success) return parsed.output;
  throw unfinishedFailure(what, parsed.issues.map((issue) => v.getDotPath(issue)).join(", "));
}

function unfinishedFailure(what: string, missing: string): Failure {
  return new Failure(
    "EXO_AUTH_INCOMPLETE",
    `${what} is not finished: the state lacks ${missing}. Run \`pulumi up\`.`,
  );
}

function strings(children: readonly StackResource[], type: string, output: string): string[] {
  return children
    .filter((child) => child.type === type)
    .map(({ outputs }) => outputs[output])
    .filter((value) => typeof value === "string");
}

/** A component's cloud. GCC High and DoD share their domains' suffix, so the component's own word goes first. */
export function cloudOf(inputs: StackResource["inputs"], tenantDomain: string): Cloud {
  const named = Object.values(Cloud).find((cloud) => cloud === inputs["cloud"]);
  return named ?? cloudsOfDomain(tenantDomain)[0] ?? Cloud.Global;
}
