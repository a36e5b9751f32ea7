import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Failure } from "../common/failure.ts";
import type { StateDocument } from "./blankState.ts";
import type { Configuration } from "./configuration.ts";
import { pluginsOfProject } from "./projectFile.ts";
import type { PulumiOptions } from "./pulumiCli.ts";
import { parseUrn } from "./urn.ts";

/**
 * Lets Pulumi work on a copy of a stack's state, in a folder that nobody else reads and that goes away afterwards, however
 * this ends. Whoever asks for it takes care that the state holds no secret.
 *
 * The folder is a backend as Pulumi writes one, which every later version has to read.
 *
 * @param settings of the stack's program, which then runs where the options say; without them there is a project of its own
 *   with neither, which is enough for a refresh, as that takes the providers from the state
 */
export async function inThrowAwayStack<T>(
  { deployment, ...document }: StateDocument,
  options: PulumiOptions,
  run: (options: PulumiOptions) => Promise<T>,
  settings?: Configuration,
): Promise<T> {
  const { stack, project } = namesOf(deployment.resources[0]?.urn ?? "");
  const plugins = await pluginsOfProject(options.cwd ?? ".");
  const folder = await mkdtemp(path.join(tmpdir(), "exo-auth-state-"));
  // A second Ctrl-C ends this process without another step.
  const removeNow = (): void => rmSync(folder, { recursive: true, force: true });
  process.on("exit", removeNow);
  try {
    const stacks = path.join(folder, ".pulumi", "stacks", project);
    const cwd = path.join(folder, "project");
    await Promise.all([mkdir(stacks, { recursive: true }), mkdir(cwd)]);
    const checkpoint = { stack: `organization/${project}/${stack}`, latest: deployment };
    await Promise.all([
      writeFile(path.join(folder, ".pulumi", "meta.yaml"), "version: 1\n"),
      writeFile(path.join(stacks, `${stack}.json`), JSON.stringify({ ...document, checkpoint })),
      // JSON is YAML.
      writeFile(
        path.join(cwd, "Pulumi.yaml"),
        JSON.stringify({ name: project, runtime: "nodejs", ...plugins }),
      ),
    ]);
    const env = environmentFor(folder, stack, options.env);
    // What Pulumi says of a failure names the stack only where the user did.
    const own = { ...options, stack: undefined };
    if (settings === undefined) return await run({ ...own, cwd, env });
    const file = path.join(folder, "settings.yaml");
    await writeFile(file, settingsText(settings));
    return await run({ ...own, env: { ...env, PULUMI_OPTION_CONFIG_FILE: file } });
  } finally {
    process.off("exit", removeNow);
    await rm(folder, { recursive: true, force: true });
  }
}

function settingsText(settings: Configuration): string {
  const values = Object.entries(settings).map(([key, { value, objectValue }]) => [key, objectValue ?? value]);
  return JSON.stringify({ config: Object.fromEntries(values) });
}

/** Pulumi's own rule for both names, but for those that mean a folder. Whoever wrote the state wrote them. */
function namesOf(urn: string): { readonly stack: string; readonly project: string } {
  const { stack, project } = parseUrn(urn);
  if ([stack, project].every((name) => /^[\w.-]{1,100}$/.test(name) && !/^\.+$/.test(name)))
    return { stack, project };
  throw new Failure(
    "EXO_AUTH_PULUMI",
    "The state's resources name a project or a stack that Pulumi does not allow. Restore an older state, and find out who wrote this one.",
  );
}

function environmentFor(folder: string, stack: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { PULUMI_CONFIG_PASSPHRASE_FILE: _file, PULUMI_OPTION_CONFIG_FILE: _settings, ...others } = env;
  return {
    ...others,
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: randomUUID(),
    PULUMI_STACK: stack,
  };
}
