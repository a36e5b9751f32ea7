import * as v from "valibot";
import { appCertificateType, childTypes } from "../../common/typeTokens.ts";
import type { Plan } from "../../stack/plan.ts";
import type { ExportedState } from "../../stack/exportedState.ts";
import type { StackResource } from "../../stack/resource.ts";
import { isSecret, type Properties } from "../../stack/values.ts";

/** A stack's resources as its program declares them, and of which a preview does not show everything. */
export interface ProgramResources {
  readonly resources: readonly StackResource[];
  /** URNs of those where the state's stands in place of what the preview does not show. */
  readonly hidden: ReadonlySet<string>;
}

/**
 * A stack's resources as its program declares them now: inputs from a preview, ids from the state. Whoever writes the
 * state could write other inputs than the program's without the preview showing a change, since a plugin compares with the
 * outputs. What waits for its deletion is not declared: such a person could let anything wait. A preview hides secrets, so
 * these are taken from the state where it leaves the resource unchanged.
 *
 * @param state exported with its secrets.
 * @param plan with what stays the same.
 */
export function declaredByProgram(
  { resources }: Pick<ExportedState, "resources">,
  { steps }: Plan,
): ProgramResources {
  const standing = new Map(resources.filter((one) => !one.delete).map((one) => [one.urn, one]));
  const planned = new Map<string, StackResource>();
  const hidden = new Set<string>();
  for (const { op, urn, newState } of steps) {
    if (newState === undefined || planned.has(urn)) continue;
    const known = standing.get(urn);
    const inputs = op === "same" && known ? withHidden(newState.inputs, known.inputs) : newState.inputs;
    planned.set(urn, { ...newState, inputs, outputs: known?.outputs ?? {} });
    if (Object.values(newState.inputs).some(hides)) hidden.add(urn);
  }
  for (const resource of planned.values()) {
    if (resource.type !== appCertificateType) continue;
    const sha256 = givenCertificate(resource, planned);
    if (sha256 === undefined) hidden.add(resource.urn);
    else planned.set(resource.urn, withCertificate(resource, sha256));
  }
  return { resources: [...planned.values()], hidden };
}

/** The program's inputs, with the state's where the preview hides a secret. */
function withHidden(inputs: Properties, known: Properties): Properties {
  const entries = Object.entries(inputs).map(([name, value]) => [name, hides(value) ? known[name] : value]);
  return Object.fromEntries(entries);
}

function hides(value: unknown): boolean {
  if (isSecret(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hides);
}

/** The SHA-256 of the certificate that the program gives, which its key ID was made for; undefined where it gives none. */
function givenCertificate(
  { urn }: StackResource,
  planned: ReadonlyMap<string, StackResource>,
): string | undefined {
  const keyId = [...planned.values()].find(
    ({ type, parent }) => type === childTypes.randomUuid && parent === urn,
  );
  return v.is(GivenCertificate, keyId?.inputs) ? keyId.inputs.keepers.certificateSha256 : undefined;
}

const GivenCertificate = v.object({ keepers: v.object({ certificateSha256: v.string() }) });

function withCertificate(resource: StackResource, certificateThumbprintSha256: string): StackResource {
  return { ...resource, outputs: { ...resource.outputs, certificateThumbprintSha256 } };
}
