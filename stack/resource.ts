import * as v from "valibot";

const Properties = v.optional(v.record(v.string(), v.unknown()), {});

/** As `StackResource`, to read it. */
export const StackResource = v.object({
  urn: v.string(),
  type: v.string(),
  /** Whether a plugin makes it; a component is made of others. */
  custom: v.optional(v.boolean(), false),
  /** The plugin's own; absent for components, and before it is known. */
  id: v.optional(v.string()),
  parent: v.optional(v.string()),
  /** `URN::ID` of its provider. */
  provider: v.optional(v.string()),
  dependencies: v.optional(v.array(v.string()), []),
  inputs: Properties,
  outputs: Properties,
  /** Whether Pulumi refuses to delete it; absent where not. */
  protect: v.optional(v.boolean()),
  /** Whether Pulumi forgets it where it would delete it; absent where not. */
  retainOnDelete: v.optional(v.boolean()),
  /** The URN of the resource with whose deletion Pulumi takes it for deleted; absent or empty where it has none. */
  deletedWith: v.optional(v.string()),
  /** Whether it only waits to be deleted: another took its place. */
  delete: v.optional(v.boolean(), false),
  /** Whether the program only looks it up, and somebody else manages it; absent where not. */
  external: v.optional(v.boolean()),
  /** What went wrong when it was made, as long as no update has put that right. */
  initErrors: v.optional(v.array(v.string()), []),
});

/** A resource as a state has it, a plan is to have it, or a refresh found it (engine 3.259). */
export type StackResource = v.InferOutput<typeof StackResource>;
