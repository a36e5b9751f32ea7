import * as v from "valibot";
import type { PulumiOptions } from "../pulumiCli.ts";
import { pulumiError, tryPulumi } from "../pulumiCli.ts";

/** A resource that a stack has, or is to get. */
export interface StackResource {
  readonly urn: string;
  readonly type: string;
  /** Whether a plugin makes it; a component is made of others. */
  readonly custom: boolean;
  readonly parent?: string | undefined;
  /** `URN::ID` of its provider. */
  readonly provider?: string | undefined;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** What stands in a state, from what `pulumi stack export` printed; with what only waits to be deleted. */
export function resourcesInState(exported: unknown): readonly StackResource[] {
  return v.parse(Export, exported).deployment.resources;
}

/** What the next `pulumi up` would create. Changes nothing. @throws CliError where there is no plan */
export async function plannedResources(
  stackName: string | undefined,
  options: PulumiOptions,
): Promise<readonly StackResource[]> {
  const args = ["preview", "--json", ...(stackName === undefined ? [] : ["--stack", stackName])];
  const result = await tryPulumi(args, options);
  if (result.exitCode !== 0) throw pulumiError(args, { ...result, errors: errorsOf(result) });
  return parsePlan(JSON.parse(result.output));
}

/** As `plannedResources`, from what `pulumi preview --json` printed. */
export function parsePlan(preview: unknown): readonly StackResource[] {
  return v
    .parse(Preview, preview)
    .steps.flatMap(({ op, newState }) => (op === "create" && newState ? [newState] : []));
}

/** The last part of a URN. */
export function nameOf({ urn }: Pick<StackResource, "urn">): string {
  return urn.split("::").slice(3).join("::");
}

/** A property that is known now; what is unknown in a plan has a mark instead, which is taken for none. */
export function textOf(properties: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = properties[name];
  return typeof value === "string" && value !== unknownText ? value : undefined;
}

const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const Resource = v.object({
  urn: v.string(),
  type: v.string(),
  custom: v.optional(v.boolean(), false),
  parent: v.optional(v.string()),
  provider: v.optional(v.string()),
  inputs: v.optional(v.record(v.string(), v.unknown()), {}),
  outputs: v.optional(v.record(v.string(), v.unknown()), {}),
});

const Export = v.object({ deployment: v.object({ resources: v.optional(v.array(Resource), []) }) });

const Diagnostics = v.object({ diagnostics: v.optional(v.array(v.object({ message: v.string() })), []) });

const Preview = v.object({
  steps: v.optional(v.array(v.object({ op: v.string(), newState: v.optional(Resource) })), []),
});

/** A plan that failed tells why among its diagnostics. */
function errorsOf({ output, errors }: { readonly output: string; readonly errors: string }): string {
  if (!output.trimStart().startsWith("{")) return errors;
  const { diagnostics } = v.parse(Diagnostics, JSON.parse(output));
  return [...diagnostics.map(({ message }) => message.trim()), errors].join("\n");
}
