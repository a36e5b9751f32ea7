import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";

import * as v from "valibot";
import { parse } from "yaml";

import type { PluginSource } from "../commands/arguments.ts";
import type { CurrentStack, Deployer } from "./environment.ts";
import { callersEnvironment, sandboxEnvironment } from "./environment.ts";
import { installHostOf, inUse, preparePulumiHome } from "./pulumiHome.ts";
import type { RunOptions, RunResult } from "./runCommand.ts";
import { runAttached, runCommand } from "./runCommand.ts";
import { repository, type SandboxFolder } from "./sandboxFolder.ts";
import { SandboxError } from "../sandboxError.ts";
import type { RunningTenant } from "../commands/sharedTenant.ts";
import { findPulumi } from "../toolchain/findPulumi.ts";
import { writeTrust } from "./trust.ts";
import { writeIfChanged } from "./writeIfChanged.ts";

/** Somewhere to run commands that see the sandbox and nothing else. */
export interface Workspace {
  readonly env: NodeJS.ProcessEnv;
  /** Runs a command to its end, in the repository unless `cwd` says otherwise. */
  run(command: string, args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Runs a command on this process's own terminal or pipes, and gives its exit code. */
  attach(command: string, args: readonly string[]): Promise<number>;
}

/** A workspace where commands mean one stack. */
export interface StackWorkspace extends Workspace {
  readonly name: string;
  /** The stack's settings file, in the sandbox's folder. */
  readonly settings: string;
}

/** Which stack, of which project, in whose tenant. */
export interface StackOptions {
  /** Default: the deployer of the tenant that the sandbox began with. */
  readonly deployer?: Deployer;
  /** The folder of the Pulumi project. Default: the repository. */
  readonly project?: string;
}

/** A sandbox that is ready for commands. */
export interface PreparedSandbox extends Workspace {
  /** What is in use, in one line. */
  readonly description: string;
  /** Puts the host of a project's language in place, where the CLI has none beside it. */
  installHost(project: string): Promise<void>;
  /** A workspace for a stack, which is created if it does not exist. */
  stack(name: string, options?: StackOptions): Promise<StackWorkspace>;
}

/** What a sandbox is prepared from. */
export interface SandboxParts {
  readonly folder: SandboxFolder;
  readonly plugins: PluginSource;
  readonly tenant: RunningTenant;
  /** Whom commands sign in as. */
  readonly deployer: Deployer;
  /** The caller's environment. Default: that of this process. */
  readonly outer?: NodeJS.ProcessEnv;
}

/** What a folder for work in the caller's own tenant is prepared from. */
export interface CallersParts extends Pick<SandboxParts, "folder" | "plugins" | "outer"> {
  readonly tenantId: string;
  /** Where the cloud's metadata document is. Default: as the caller's environment says. */
  readonly metadataHost?: string;
}

/** Puts everything into a sandbox's folder that commands need besides the tenant. */
export async function prepareSandbox(parts: SandboxParts): Promise<PreparedSandbox> {
  const { folder, tenant, plugins, outer = process.env } = parts;
  writeTrust(folder, tenant.certificateAuthorityPem, outer);
  const prepared = await prepare(parts, (pulumiHome, stack, deployer = parts.deployer) =>
    sandboxEnvironment({ outer, folder, plugins, deployer, pulumiHome, tenantUrl: tenant.url, ...stack }),
  );
  return { ...prepared, description: `${prepared.description}, tenant at ${tenant.url}` };
}

/** Puts everything into a folder that commands need to work in the tenant that the caller is signed in to. */
export async function prepareForCaller(parts: CallersParts): Promise<PreparedSandbox> {
  const { outer = process.env, plugins: _, ...rest } = parts;
  return prepare(parts, (pulumiHome, stack) => callersEnvironment({ outer, pulumiHome, ...rest, ...stack }));
}

type EnvironmentOf = (
  pulumiHome: string,
  stack: { readonly stack?: CurrentStack },
  deployer: Deployer | undefined,
) => NodeJS.ProcessEnv;

async function prepare(
  { folder, plugins, outer = process.env }: Pick<SandboxParts, "folder" | "plugins" | "outer">,
  environmentOf: EnvironmentOf,
): Promise<PreparedSandbox> {
  const cli = await findPulumi({ env: outer });
  const home = await preparePulumiHome(folder.path, plugins, cli, outer);
  mkdirSync(folder.state, { recursive: true });
  fillBin(folder, cli.path);

  const workspace = (cwd: string, deployer?: Deployer, stack?: CurrentStack): Workspace => {
    const env = environmentOf(home.path, stack === undefined ? {} : { stack }, deployer);
    return {
      env,
      run: (command, args, options) => runCommand(command, args, { cwd, env, ...options }),
      attach: (command, args) => runAttached(command, args, { cwd, env }),
    };
  };
  const installHost = async (project: string): Promise<void> => {
    await installHostOf(readProject(project).runtime, home.path, cli, outer);
  };
  return {
    ...workspace(repository),
    description: inUse(cli, home),
    installHost,
    async stack(name, { deployer, project = repository } = {}) {
      await installHost(project);
      const { name: projectName } = readProject(project);
      const own = join(folder.stacks, projectName);
      const kept = join(own, `Pulumi.${name}.yaml`);
      const isThere = existsSync(join(folder.state, ".pulumi", "stacks", projectName, `${name}.json`));
      // A stack that `pulumi new` made has its settings beside Pulumi.yaml.
      const settings = isThere && !existsSync(kept) ? join(project, `Pulumi.${name}.yaml`) : kept;
      if (!isThere) {
        // `pulumi stack init` writes the settings beside Pulumi.yaml, so it gets one where they may lie.
        mkdirSync(own, { recursive: true });
        copyFileSync(join(project, "Pulumi.yaml"), join(own, "Pulumi.yaml"));
        const { exitCode, stderr } = await workspace(own, deployer).run("pulumi", ["stack", "init", name]);
        if (exitCode !== 0)
          throw new SandboxError(`The stack "${name}" could not be created: ${stderr.trim()}`);
      }
      return { name, settings, ...workspace(project, deployer, { name, settings }) };
    },
  };
}

/** The project's name and language. */
function readProject(project: string): v.InferOutput<typeof Project> {
  return v.parse(Project, parse(readFileSync(join(project, "Pulumi.yaml"), "utf8")));
}

const Project = v.object({
  name: v.string(),
  runtime: v.union([
    v.string(),
    v.pipe(
      v.object({ name: v.string() }),
      v.transform(({ name }) => name),
    ),
  ]),
});

/** Makes the commands that go before those of the same name on PATH. */
function fillBin(folder: SandboxFolder, pulumi: string): void {
  mkdirSync(folder.bin, { recursive: true });
  link(process.execPath, join(folder.bin, "node"));
  // Within a sandbox, the one on PATH is the very link that is made here.
  link(realpathSync(pulumi), join(folder.bin, "pulumi"));
  const command = `#!/bin/sh\nexec node "${join(repository, "cli", "main.ts")}" "$@"\n`;
  writeIfChanged(join(folder.bin, "exo-auth"), command, 0o755);
}

/** Leaves a link that is right as it is, since another command may be using it. */
function link(target: string, path: string): void {
  if (existsSync(path) && readlinkSync(path) === target) return;
  rmSync(path, { force: true });
  symlinkSync(target, path);
}
