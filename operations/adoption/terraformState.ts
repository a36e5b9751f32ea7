import * as v from "valibot";
import { usageFailure } from "../../common/failure.ts";
import { readTextFile } from "../../common/textFile.ts";
import type { AdoptedResource } from "./adoptedResource.ts";

/** A resource of the azuread provider in a Terraform state. */
export interface TerraformResource {
  /** As `terraform state rm` takes it. */
  readonly address: string;
  /** As the provider names it. */
  readonly id: string;
  /** As the provider's documentation names it, such as `azuread_application`. */
  readonly type: string;
  /** Of an application: its client ID. */
  readonly clientId?: string;
}

/** A resource of a Terraform state, and what of the stack it becomes. */
export interface TerraformTwin {
  /** As `terraform state rm` takes it. */
  readonly address: string;
  /** As Terraform's provider names it. */
  readonly id: string;
  /** Absent where the stack does not take it over. */
  readonly urn?: string;
}

const Instance = v.object({
  index_key: v.nullish(v.union([v.string(), v.number()])),
  attributes: v.nullish(
    v.object({
      id: v.nullish(v.string()),
      client_id: v.nullish(v.string()),
      // Before azuread 3.
      application_id: v.nullish(v.string()),
    }),
  ),
});

/** Version 4 of the file, which Terraform writes since 0.12. */
const State = v.object({
  version: v.literal(4),
  resources: v.array(
    v.object({
      module: v.nullish(v.string()),
      mode: v.string(),
      type: v.string(),
      name: v.string(),
      instances: v.array(Instance),
    }),
  ),
});

/** Reads what the azuread provider manages in a Terraform state. @throws Failure where the file is none */
export async function readTerraformState(file: string): Promise<readonly TerraformResource[]> {
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), State), await readTextFile(file));
  if (!read.success)
    throw usageFailure(
      `--terraform-state must name a Terraform state of version 4, got "${file}". \`terraform state pull > state.json\` writes one.`,
    );
  return read.output.resources
    .filter(({ mode, type }) => mode === "managed" && type.startsWith("azuread_"))
    .flatMap(({ module, type, name, instances }) =>
      instances.flatMap(({ index_key: key, attributes }): readonly TerraformResource[] => {
        if (!attributes?.id) return [];
        const clientId = isApplication(type)
          ? (attributes.client_id ?? attributes.application_id)
          : undefined;
        const index = key === null || key === undefined ? "" : `[${JSON.stringify(key)}]`;
        return [
          {
            address: `${module ? `${module}.` : ""}${type}.${name}${index}`,
            id: attributes.id,
            type,
            ...(clientId && { clientId: clientId.toLowerCase() }),
          },
        ];
      }),
    );
}

function isApplication(type: string): boolean {
  return type === "azuread_application" || type === "azuread_application_registration";
}

/** The client ID of a state's only application. @throws Failure where it has none or several */
export function onlyApplication(resources: readonly TerraformResource[]): string {
  const clientIds = [...new Set(resources.flatMap(({ clientId }) => clientId ?? []))];
  const [only, ...others] = clientIds;
  if (only !== undefined && others.length === 0) return only;
  throw usageFailure(
    only === undefined
      ? "The Terraform state must have an application, but it has none. Give its client ID with --app-id."
      : `The Terraform state has several applications. Choose one with --app-id: ${clientIds.join(", ")}.`,
  );
}

/** What of the stack each resource becomes: both name the same object, in one form or the other. */
export function terraformTwins(
  resources: readonly TerraformResource[],
  imports: readonly AdoptedResource[],
): readonly TerraformTwin[] {
  // A key ID alone is a resource of Pulumi's random provider.
  const objects = imports.filter((one) => one.id.includes("/"));
  return resources.map(({ address, id }) => {
    const urn = objects.find((one) => lastPart(one.id) === lastPart(id))?.urn;
    return { address, id, ...(urn !== undefined && { urn }) };
  });
}

function lastPart(id: string): string | undefined {
  return id.split("/").at(-1);
}
