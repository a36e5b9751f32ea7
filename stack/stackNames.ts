import * as v from "valibot";
import type { PulumiOptions } from "./pulumiCli.ts";
import { runPulumi } from "./pulumiCli.ts";
import { pulumiJson } from "./pulumiJson.ts";

/** A stack of the project. */
export interface ListedStack {
  readonly name: string;
  /**
   * Whether Pulumi Cloud keeps it, and may keep its settings, too. It alone has a page for each stack: `url`, in
   * pkg/cmd/pulumi/stack/stack_list.go (3.259).
   */
  readonly isInCloud: boolean;
}

/** Asks Pulumi for the project's stacks. @throws Failure */
export async function listStacks(options: PulumiOptions): Promise<readonly ListedStack[]> {
  const listed = v.parse(Stacks, pulumiJson("stack ls", await runPulumi(["stack", "ls", "--json"], options)));
  return listed.map(({ name, url }) => ({ name, isInCloud: url !== undefined }));
}

/** Asks Pulumi for the names of the project's stacks. @throws Failure */
export async function stackNames(options: PulumiOptions): Promise<readonly string[]> {
  return (await listStacks(options)).map(({ name }) => name);
}

/** The stack's name, without the organisation and the project that a stack of Pulumi Cloud may be named with. @throws Failure */
export async function stackName({ stack, ...options }: PulumiOptions): Promise<string> {
  const name = stack ?? (await runPulumi(["stack", "--show-name"], options)).trim();
  return name.split("/").at(-1) ?? name;
}

const Stacks = v.array(v.object({ name: v.string(), url: v.optional(v.string()) }));
