import * as v from "valibot";
import type { PulumiOptions } from "../pulumiCli.ts";
import { tryPulumi } from "../pulumiCli.ts";

const Export = v.object({ deployment: v.object({ manifest: v.object({ time: v.string() }) }) });

/** When a stack's last update ended; undefined where Pulumi does not say. Opens no secret. */
export async function lastUpdate(
  stackName: string | undefined,
  options: PulumiOptions,
): Promise<Date | undefined> {
  const args = ["stack", "export", ...(stackName === undefined ? [] : ["--stack", stackName])];
  const { output } = await tryPulumi(args, options);
  try {
    const { deployment } = v.parse(Export, JSON.parse(output));
    return new Date(deployment.manifest.time);
  } catch {
    return undefined;
  }
}
