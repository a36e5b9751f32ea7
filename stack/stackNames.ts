import * as v from "valibot";
import type { PulumiOptions } from "./pulumiCli.ts";
import { runPulumi } from "./pulumiCli.ts";
import { pulumiJson } from "./pulumiJson.ts";

/** Asks Pulumi for the names of the project's stacks. @throws Failure */
export async function stackNames(options: PulumiOptions): Promise<readonly string[]> {
  const listed = v.parse(Stacks, pulumiJson("stack ls", await runPulumi(["stack", "ls", "--json"], options)));
  return listed.map(({ name }) => name);
}

const Stacks = v.array(v.object({ name: v.string() }));
