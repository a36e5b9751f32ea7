import * as v from "valibot";
import { Cloud, cloudsOfDomain } from "../components/clouds.ts";
import { CliError } from "./cliError.ts";
import { ExitCode } from "./exitCodes.ts";
import type { PulumiOptions } from "./pulumiCli.ts";
import { runPulumi } from "./pulumiCli.ts";

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
  /** Names of the generations that an update began and did not finish. */
  readonly unfinished: readonly string[];
}

/** One certificate of a component. */
export type Generation = v.InferOutput<typeof CertificateOutputs>;

/** Reads a stack's components, with their secrets, out of its state. @throws CliError */
export async function readStack(stackName: string | undefined, options: PulumiOptions): Promise<StackState> {
  return parseStackState(await exportStack(stackName, options));
}

/** A stack's whole state, with its secrets, as `pulumi stack export --show-secrets` prints it. @throws CliError */
export async function exportStack(stackName: string | undefined, options: PulumiOptions): Promise<unknown> {
  const selection = stackName === undefined ? [] : ["--stack", stackName];
  return JSON.parse(await runPulumi(["stack", "export", "--show-secrets", ...selection], options));
}

/** As `readStack`, from what `pulumi stack export --show-secrets` printed. */
export function parseStackState(exported: unknown): StackState {
  const { deployment } = v.parse(Export, exported);
  const resources = deployment.resources.filter((resource) => !resource.delete);
  const [, stack = "", project = ""] = /^urn:pulumi:(.+?)::(.+?)::/.exec(resources[0]?.urn ?? "") ?? [];
  return {
    project,
    stack,
    updated: deployment.manifest.time,
    components: resources
      .filter(({ type }) => type === "exchange-auth:index:ExchangeAppOnlyAuth")
      .map((resource) => component(resource, resources)),
  };
}

/** The components that a command is for. @throws CliError where there is none, or none of that name */
export function selectComponents(
  { components, project, stack }: StackState,
  wanted: string | undefined,
): readonly [StackComponent, ...StackComponent[]] {
  const [first, ...others] = components.filter(({ name }) => wanted === undefined || name === wanted);
  if (first) return [first, ...others];
  const names = components.map(({ name }) => `"${name}"`).join(", ");
  throw new CliError(
    "EXO_AUTH_NO_COMPONENT",
    ExitCode.Configuration,
    components.length === 0
      ? `${stack === "" ? "The stack" : `Stack "${stack}" of project "${project}"`} has no ExchangeAppOnlyAuth. Run \`pulumi up\`, or choose another stack with --stack.`
      : `--component names no component of the stack, got "${wanted}". It has ${names}.`,
  );
}

/** The one component that a command which writes is for. @throws CliError where there are several, and none is named */
export function selectComponent(state: StackState, wanted: string | undefined): StackComponent {
  const [first, ...others] = selectComponents(state, wanted);
  if (others.length === 0) return first;
  throw severalComponents(state.components.map(({ name }) => name));
}

/** Why a command that writes goes no further in a stack with several components. */
export function severalComponents(names: readonly string[]): CliError {
  return new CliError(
    "EXO_AUTH_NO_COMPONENT",
    ExitCode.Configuration,
    `The stack has several components: ${names.map((name) => `"${name}"`).join(", ")}. Choose one with --component.`,
  );
}

const Resource = v.object({
  urn: v.string(),
  type: v.string(),
  parent: v.optional(v.string()),
  delete: v.optional(v.boolean(), false),
  inputs: v.optional(v.record(v.string(), v.unknown()), {}),
  outputs: v.optional(v.record(v.string(), v.unknown()), {}),
});
type Resource = v.InferOutput<typeof Resource>;

const Export = v.object({
  deployment: v.object({
    manifest: v.object({ time: v.string() }),
    resources: v.optional(v.array(Resource), []),
  }),
});

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

function component(resource: Resource, all: readonly Resource[]): StackComponent {
  const name = nameOf(resource);
  const children = all.filter(({ parent }) => parent === resource.urn);
  const outputs = readOutputs(`Component "${name}"`, resource, ComponentOutputs);
  const certificates = children
    .filter(({ type }) => type === "exchange-auth:index:AppCertificate")
    .map((child) => ({ child, parsed: v.safeParse(CertificateOutputs, plain(child.outputs)) }));
  const generations = certificates.flatMap(({ parsed }) => (parsed.success ? [parsed.output] : []));
  const current = generations.find(({ thumbprint }) => thumbprint === outputs.thumbprint);
  if (current === undefined) throw incomplete(`Component "${name}"`, "its current certificate");
  return {
    ...outputs,
    name,
    cloud: cloudOf(resource, outputs.tenantDomain),
    roleTemplateIds: strings(
      children,
      "azuread:index/directoryRoleAssignment:DirectoryRoleAssignment",
      "roleId",
    ),
    appRoleIds: strings(children, "azuread:index/appRoleAssignment:AppRoleAssignment", "appRoleId"),
    generations: [current, ...generations.filter((generation) => generation !== current)],
    unfinished: certificates.flatMap(({ child, parsed }) =>
      parsed.success ? [] : [nameOf(child).slice(`${name}-cert-`.length)],
    ),
  };
}

/** @throws CliError where an update has not got so far. */
function readOutputs<T>(what: string, resource: Resource, schema: v.GenericSchema<unknown, T>): T {
  const parsed = v.safeParse(schema, plain(resource.outputs));
  if (parsed.success) return parsed.output;
  throw incomplete(what, parsed.issues.map((issue) => v.getDotPath(issue)).join(", "));
}

function incomplete(what: string, missing: string): CliError {
  return new CliError(
    "EXO_AUTH_INCOMPLETE",
    ExitCode.Resource,
    `${what} is not finished: the state lacks ${missing}. Run \`pulumi up\`.`,
  );
}

function strings(children: readonly Resource[], type: string, output: string): string[] {
  return children
    .filter((child) => child.type === type)
    .map(({ outputs }) => outputs[output])
    .filter((value) => typeof value === "string");
}

/** GCC High and DoD share their domains' suffix, so the component's own word goes first. */
function cloudOf({ inputs }: Resource, tenantDomain: string): Cloud {
  const named = Object.values(Cloud).find((cloud) => cloud === inputs["cloud"]);
  return named ?? cloudsOfDomain(tenantDomain)[0] ?? Cloud.Global;
}

function nameOf({ urn }: Resource): string {
  return urn.split("::").at(-1) ?? urn;
}

/** Pulumi's mark of a secret in a state. */
const secretMark = "4dabf18193072939515e22adb298388d";
const Secret = v.object({ [secretMark]: v.string(), plaintext: v.string() });

/** A value of a state, with its secrets laid open. */
export function plain(value: unknown): unknown {
  if (v.is(Secret, value)) return JSON.parse(value.plaintext);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
