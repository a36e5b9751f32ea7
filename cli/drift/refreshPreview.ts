import * as v from "valibot";

/** What `pulumi refresh --preview-only --json` prints, as far as it matters here (engine 3.259). */
export type RefreshPreview = v.InferOutput<typeof RefreshPreview>;

/** What became of one resource of the state. */
export type RefreshStep = RefreshPreview["steps"][number];

/** A resource as the state had it, or as it was found. */
export type ResourceState = v.InferOutput<typeof ResourceState>;

const ResourceState = v.object({
  type: v.string(),
  custom: v.optional(v.boolean(), false),
  id: v.optional(v.string()),
  parent: v.optional(v.string()),
  dependencies: v.optional(v.array(v.string()), []),
  inputs: v.optional(v.record(v.string(), v.unknown()), {}),
  outputs: v.optional(v.record(v.string(), v.unknown()), {}),
  initErrors: v.optional(v.array(v.string()), []),
});

const RefreshPreview = v.object({
  steps: v.array(
    v.object({
      /** "refresh" for what is unchanged or could not be read. */
      op: v.string(),
      urn: v.string(),
      oldState: v.optional(ResourceState),
      /** Absent for what does not exist any more. */
      newState: v.optional(ResourceState),
      detailedDiff: v.nullish(v.record(v.string(), v.unknown())),
    }),
  ),
  diagnostics: v.optional(
    v.array(v.object({ urn: v.optional(v.string()), message: v.string(), severity: v.string() })),
    [],
  ),
  /** How many resources came to which end; those whose read failed are not counted. */
  changeSummary: v.optional(v.record(v.string(), v.number()), {}),
});

/** Reads it; undefined where Pulumi failed before it looked at any resource. */
export function parseRefreshPreview(output: string): RefreshPreview | undefined {
  let document: unknown;
  try {
    document = JSON.parse(output);
  } catch {
    return undefined;
  }
  const parsed = v.safeParse(RefreshPreview, document);
  return parsed.success ? parsed.output : undefined;
}

/** `azuread:Application exchange` for `urn:…$azuread:index/application:Application::exchange`. */
export function shortName(urn: string): string {
  const [, , types = "", name = ""] = urn.split("::");
  const type = types.split("$").at(-1) ?? "";
  const [packageName = "", , typeName = ""] = type.split(":");
  return `${packageName}:${typeName} ${name}`;
}
