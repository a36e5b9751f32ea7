import * as v from "valibot";
import type { PulumiOptions } from "./pulumiCli.ts";
import { runPulumi } from "./pulumiCli.ts";

/** A stack's settings by key, as in `exchange-auth:certificate`. */
export type Configuration = v.InferOutput<typeof Configuration>;

const Configuration = v.record(
  v.string(),
  v.object({ value: v.optional(v.string()), objectValue: v.optional(v.unknown()) }),
);

/** Asks Pulumi for a stack's settings, with its secrets and with what Pulumi.yaml and environments add. @throws Failure */
export async function readConfiguration(options: PulumiOptions): Promise<Configuration> {
  return v.parse(Configuration, JSON.parse(await runPulumi(["config", "--json", "--show-secrets"], options)));
}
