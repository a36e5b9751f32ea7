import * as v from "valibot";
import { Failure } from "../common/failure.ts";
import { appCertificateType, childTypes, componentType } from "../common/typeTokens.ts";
import { Cloud, cloudsOfDomain } from "../microsoft/clouds.ts";
import { type ExportedState, exportStateWithSecrets } from "./exportedState.ts";
import type { PulumiOptions } from "./pulumiCli.ts";
import { type RecordState, readRecord } from "./record.ts";
import type { StackResource } from "./resource.ts";
import { hasSealed, SealedValue } from "./sealedValues.ts";
import { parseUrn } from "./urn.ts";
import { isUnknown, plain, type Properties } from "./values.ts";

/** What a stack's last update left behind, as far as it is ours. */
export interface StackState<G extends PublicGeneration = Generation> {
  readonly project: string;
  readonly stack: string;
  /** When the last update ended, RFC 3339. */
  readonly updated: string;
  readonly components: readonly StackComponent<G>[];
  /** Those that an update has not finished, so that what the state says of them is not whole. */
  readonly incomplete: readonly IncompleteComponent[];
}

/** A component that an update has not finished. */
export interface IncompleteComponent {
  readonly name: string;
  /** What the state lacks, and what to do. */
  readonly failure: Failure;
}

/** A component without its private keys. */
export type PublicComponent = StackComponent<PublicGeneration>;

/** One `ExchangeAppOnlyAuth` with its outputs. */
export interface StackComponent<G extends PublicGeneration = Generation> extends v.InferOutput<
  typeof ComponentOutputs
> {
  readonly name: string;
  readonly cloud: Cloud;
  /** Template ids of the roles that its service principal holds. */
  readonly roleTemplateIds: readonly string[];
  /** Ids of the app roles that its service principal was assigned. */
  readonly appRoleIds: readonly string[];
  /** Its certificates, the current one first; none where jobs sign in with federated credentials alone. */
  readonly generations: readonly G[];
  /** What it declares. */
  readonly record: RecordState;
  /** Names of the generations that an update began and did not finish. */
  readonly unfinished: readonly string[];
  /** Whether the stack made the application, rather than found it. */
  readonly isOwn: boolean;
}

/** One certificate of a component; a private key that is not in the state is absent. */
export type Generation = v.InferOutput<typeof CertificateOutputs>;

/** One certificate of a component, without its private key. */
export type PublicGeneration = v.InferOutput<typeof PublicOutputs>;

/** Reads a stack's components, with their private keys, out of its state. @throws Failure where Pulumi cannot read it */
export async function readStack(options: PulumiOptions): Promise<StackState> {
  return stackStateOf(await exportStateWithSecrets(options));
}

/** The components in a state, with their private keys. @throws SealedValue where it was exported without secrets */
export function stackStateOf(exported: ExportedState): StackState {
  return stateOf(exported, CertificateOutputs);
}

/**
 * The components in a state, by what is public of them.
 *
 * @throws SealedValue where a value that is public by nature is a secret in the state
 */
export function publicStateOf(exported: ExportedState): StackState<PublicGeneration> {
  return stateOf(exported, PublicOutputs);
}

function stateOf<G extends PublicGeneration>(
  { project, stack, updated, resources }: ExportedState,
  schema: CertificateSchema<G>,
): StackState<G> {
  const standing = resources.filter((resource) => !resource.delete);
  const components: StackComponent<G>[] = [];
  const incomplete: IncompleteComponent[] = [];
  for (const resource of standing.filter(({ type }) => type === componentType)) {
    try {
      components.push(component(resource, standing, schema));
    } catch (error) {
      if (!(error instanceof Failure) || error instanceof SealedValue) throw error;
      incomplete.push({ name: parseUrn(resource.urn).name, failure: error });
    }
  }
  return { project, stack, updated, components, incomplete };
}

/** A text that is known: an update of some resources alone writes a mark for what the others would give. */
const Known = v.pipe(
  v.string(),
  v.check((value) => !isUnknown(value)),
);

/** An ID of Entra, or a thumbprint. It stands in addresses and in commands that people paste, and whoever wrote the state wrote it. */
const Id = v.pipe(Known, v.regex(/^[\w-]+$/));

/** A domain, for the same reason. */
const Domain = v.pipe(Known, v.regex(/^[\w.-]+$/));

const ComponentOutputs = v.object({
  appId: Id,
  thumbprint: v.optional(Known),
  tenantDomain: Domain,
  tenantId: Id,
  applicationObjectId: Id,
  servicePrincipalObjectId: Id,
  connectExchangeOnline: Known,
  connectIppsSession: v.optional(Known),
});

const PublicOutputs = v.object({
  generation: Known,
  keyId: Known,
  certificatePem: Known,
  thumbprint: Id,
  certificateThumbprintSha256: Known,
  certificateNotBefore: Known,
  certificateNotAfter: Known,
  certificateDerBase64: Known,
});

const CertificateOutputs = v.object({
  ...PublicOutputs.entries,
  privateKeyPem: v.optional(Known),
  pfxBase64: v.optional(Known),
  pfxPassword: v.optional(Known),
});

/** Which outputs of an `AppCertificate` are read. */
type CertificateSchema<G> = v.GenericSchema<unknown, G> & { readonly entries: object };

function component<G extends PublicGeneration>(
  resource: StackResource,
  all: readonly StackResource[],
  schema: CertificateSchema<G>,
): StackComponent<G> {
  const name = parseUrn(resource.urn).name;
  const children = all.filter(({ parent }) => parent === resource.urn);
  const outputs = readOutputs(name, resource, ComponentOutputs);
  const certificates = children
    .filter(({ type }) => type === appCertificateType)
    .map((child) => {
      const owner = `AppCertificate "${parseUrn(child.urn).name}"`;
      const values = unsealed(child.outputs, Object.keys(schema.entries), owner);
      return { child, parsed: v.safeParse(schema, values) };
    });
  const generations = certificates.flatMap(({ parsed }) => (parsed.success ? [parsed.output] : []));
  const current = generations.find(({ thumbprint }) => thumbprint === outputs.thumbprint);
  if (current === undefined && (outputs.thumbprint !== undefined || certificates.length > 0))
    throw unfinishedFailure(`Component "${name}"`, "its current certificate");
  return {
    ...outputs,
    name,
    cloud: cloudOf(unsealed(resource.inputs, ["cloud"], `component "${name}"`), outputs.tenantDomain),
    record: readRecord(resource),
    roleTemplateIds: strings(children, childTypes.directoryRoleAssignment, "roleId"),
    appRoleIds: strings(children, childTypes.appRoleAssignment, "appRoleId"),
    generations:
      current === undefined ? [] : [current, ...generations.filter((generation) => generation !== current)],
    unfinished: certificates.flatMap(({ child, parsed }) =>
      parsed.success ? [] : [parseUrn(child.urn).name.slice(`${name}-cert-`.length)],
    ),
    isOwn: children.some(({ type }) => type === childTypes.application),
  };
}

/** @throws SealedValue; Failure where an update has not got so far */
function readOutputs<const Schema extends v.ObjectSchema<v.ObjectEntries, undefined>>(
  name: string,
  resource: StackResource,
  schema: Schema,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(
    schema,
    unsealed(resource.outputs, Object.keys(schema.entries), `component "${name}"`),
  );
  if (parsed.success) return parsed.output;
  const foreign = parsed.issues.find(({ type }) => type === "regex");
  if (foreign) throw foreignId(name, v.getDotPath(foreign) ?? "", String(foreign.input));
  throw unfinishedFailure(
    `Component "${name}"`,
    parsed.issues.map((issue) => v.getDotPath(issue)).join(", "),
  );
}

/** These properties, laid open. @throws SealedValue where one of them was exported without its secrets */
function unsealed(properties: Properties, names: readonly string[], owner: string): Properties {
  return Object.fromEntries(
    names
      .filter((name) => name in properties)
      .map((name) => {
        if (hasSealed(properties[name])) throw new SealedValue(name, owner);
        return [name, plain(properties[name])];
      }),
  );
}

function unfinishedFailure(what: string, missing: string): Failure {
  return new Failure(
    "EXO_AUTH_INCOMPLETE",
    `${what} is not finished: the state lacks ${missing}. Run \`pulumi up\`.`,
  );
}

function foreignId(owner: string, name: string, value: string): Failure {
  return new Failure(
    "EXO_AUTH_PULUMI",
    `\`${name}\` of component "${owner}" in the state must be ${name === "tenantDomain" ? "a domain" : "an ID"}, got "${value}". Restore an older state, and find out who wrote this one.`,
  );
}

function strings(children: readonly StackResource[], type: string, output: string): string[] {
  return children
    .filter((child) => child.type === type)
    .map(({ urn, outputs }) => unsealed(outputs, [output], `resource "${parseUrn(urn).name}"`)[output])
    .filter((value) => typeof value === "string");
}

/** A component's cloud. GCC High and DoD share their domains' suffix, so the component's own word goes first. */
export function cloudOf(inputs: StackResource["inputs"], tenantDomain: string): Cloud {
  const named = Object.values(Cloud).find((cloud) => cloud === inputs["cloud"]);
  return named ?? cloudsOfDomain(tenantDomain)[0] ?? Cloud.Global;
}
