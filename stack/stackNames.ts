import * as v from "valibot";
import type { PulumiOptions } from "./pulumiCli.ts";
import { runPulumi } from "./pulumiCli.ts";
import { pulumiJson } from "./pulumiJson.ts";

/** Asks Pulumi for the names of the project's stacks. @throws Failure */
export async function stackNames(options: PulumiOptions): Promise<readonly string[]> {
  const listed = v.parse(Stacks, pulumiJson("stack ls", await runPulumi(["stack", "ls", "--json"], options)));
  return listed.map(({ name }) => name);
}

/** The stack's name, without the organisation and the project that a stack of Pulumi Cloud may be named with. @throws Failure */
export async function stackName({ stack, ...options }: PulumiOptions): Promise<string> {
  const name = stack ?? (await runPulumi(["stack", "--show-name"], options)).trim();
  return name.split("/").at(-1) ?? name;
}

const Stacks = v.array(v.object({ name: v.string() }));
