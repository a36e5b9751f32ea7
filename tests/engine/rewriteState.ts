import { expect } from "vitest";
import * as v from "valibot";

import type { StackWorkspace } from "../../sandbox/workspace/workspace.ts";

interface WrittenResource {
  readonly urn: string;
  readonly type: string;
  readonly inputs?: Record<string, unknown> | undefined;
  readonly outputs?: Record<string, unknown> | undefined;
}

const Properties = v.optional(v.record(v.string(), v.unknown()));
const State = v.looseObject({
  deployment: v.looseObject({
    resources: v.array(
      v.looseObject({ urn: v.string(), type: v.string(), inputs: Properties, outputs: Properties }),
    ),
  }),
});

/** Changes a stack's state as somebody does who can write it, and cannot decrypt it. */
export async function rewriteState(
  stack: StackWorkspace,
  change: (resource: WrittenResource) => unknown,
): Promise<void> {
  const { stdout } = await stack.run("pulumi", ["stack", "export"]);
  const state = v.parse(State, JSON.parse(stdout));
  state.deployment.resources.forEach(change);
  const imported = await stack.run("pulumi", ["stack", "import"], { input: JSON.stringify(state) });
  expect(imported.exitCode).toBe(0);
}
