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
import { plain } from "./values.ts";

/** What a stack's last update left behind, as far as it is ours. */
export interface StackState {
  readonly project: string;
  readonly stack: string;
  /** When the last update ended, RFC 3339. */
  readonly updated: string;
  readonly components: readonly StackComponent[];
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
}

/** One certificate of a component. */
export type Generation = v.InferOutput<typeof CertificateOutputs>;

/** Reads a stack's components, with their secrets, out of its state. @throws Failure */
export async function readStack(options: PulumiOptions): Promise<StackState> {
  return stackStateOf(await exportState(options));
}

/** The components in a state that was exported with its secrets. @throws Failure where an update has not finished one */
export function stackStateOf({ project, stack, updated, resources }: ExportedState): StackState {
  const standing = resources.filter((resource) => !resource.delete);
  return {
    project,
    stack,
    updated,
    components: standing
      .filter(({ type }) => type === componentType)
      .map((resource) => component(resource, standing)),
  };
}

/** The components that a command is for. @throws Failure where there is none, or none of that name */
export function selectComponents(
  { components, project, stack }: StackState,
  wanted: string | undefined,
): readonly [StackComponent, ...StackComponent[]] {
  const [first, ...others] = components.filter(({ name }) => wanted === undefined || name === wanted);
  if (first) return [first, ...others];
  if (stack === "") throw neverDeployed();
  const names = components.map(({ name }) => `"${name}"`).join(", ");
  throw new Failure(
    "EXO_AUTH_NO_COMPONENT",
    components.length === 0
      ? `Stack "${stack}" of project "${project}" has no ExchangeAppOnlyAuth. Run \`pulumi up\`, or choose another stack with --stack.`
      : `--component names no component of the stack, got "${wanted}". It has ${names}.`,
  );
}

/** The one component that a command which writes is for. @throws Failure where there are several, and none is named */
export function selectComponent(state: StackState, wanted: string | undefined): StackComponent {
  const [first, ...others] = selectComponents(state, wanted);
  if (others.length === 0) return first;
  throw severalComponents(state.components.map(({ name }) => name));
}

/** Why a command that writes goes no further in a stack with several components. */
export function severalComponents(names: readonly string[]): Failure {
  return new Failure(
    "EXO_AUTH_NO_COMPONENT",
    `The stack has several components: ${names.map((name) => `"${name}"`).join(", ")}. Choose one with --component.`,
  );
}

const ComponentOutputs = v.object({
  appId: v.string(),
  thumbprint: v.string(),
  tenantDomain: v.string(),
  tenantId: v.string(),
  applicationObjectId: v.string(),
  servicePrincipalObjectId: v.string(),
  connectExchangeOnline: v.string(),
  connectIppsSession: v.optional(v.string()),
});

const CertificateOutputs = v.object({
  generation: v.string(),
  keyId: v.string(),
  certificatePem: v.string(),
  thumbprint: v.string(),
  certificateThumbprintSha256: v.string(),
  certificateNotBefore: v.string(),
  certificateNotAfter: v.string(),
  certificateDerBase64: v.string(),
  privateKeyPem: v.optional(v.string()),
  pfxBase64: v.optional(v.string()),
  pfxPassword: v.optional(v.string()),
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
  if (current === undefined) throw incomplete(`Component "${name}"`, "its current certificate");
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
  };
}

/** @throws Failure where an update has not got so far. */
function readOutputs<T>(what: string, resource: StackResource, schema: v.GenericSchema<unknown, T>): T {
  const parsed = v.safeParse(schema, plain(resource.outputs));
  if (parsed.success) return parsed.output;
  throw incomplete(what, parsed.issues.map((issue) => v.getDotPath(issue)).join(", "));
}

function incomplete(what: string, missing: string): Failure {
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
