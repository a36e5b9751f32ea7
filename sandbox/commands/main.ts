import { existsSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

import { readArguments } from "./arguments.ts";
import { openCommandSandbox } from "./commandSandbox.ts";
import { identityTable } from "./identityTable.ts";
import { runAttached } from "../workspace/runCommand.ts";
import { commandsFolder, repository, sandboxFolder } from "../workspace/sandboxFolder.ts";
import { runAsProcess, SandboxError } from "../sandboxError.ts";
import type { TenantSeed } from "../tenant/index.ts";
import { joinRunningTenant } from "./sharedTenant.ts";

/** `npm run sandbox`: runs a command in the sandbox's environment, or keeps the tenant running. */
async function main(): Promise<number> {
  const { reset, command, seedFile, ...options } = readArguments(process.argv.slice(2), process.env);
  if (reset) await beginAnew();
  const [name, ...args] = command;
  if (reset && name === undefined) return 0;
  const typedIn = process.env["INIT_CWD"];
  const sandbox = await openCommandSandbox({
    ...options,
    ...(seedFile === undefined ? {} : { seedFile: resolve(typedIn ?? repository, seedFile) }),
  });
  try {
    say(sandbox.description);
    if (name === "pulumi" && args[0] === "new") {
      const cwd = typedIn ?? repository;
      const template = resolve(cwd, args[1] ?? "");
      if (existsSync(join(template, "Pulumi.yaml"))) await sandbox.installHost(template);
      // The stack and its settings are those of the new project.
      return await runAttached(name, args, { cwd, env: sandbox.env });
    }
    const stack = await sandbox.stack(sandbox.stackName, { project: projectOf(typedIn) });
    if (name !== undefined) return await stack.attach(name, args);
    say(howToReach(sandbox.seed, stack.env));
    await interrupted();
    return 0;
  } finally {
    await sandbox.tenant.release();
  }
}

async function beginAnew(): Promise<void> {
  const { path, running } = sandboxFolder(commandsFolder(process.env));
  const tenant = await joinRunningTenant(running);
  if (tenant) {
    await tenant.release();
    throw new SandboxError(
      "The sandbox is in use by another command. End that one (Ctrl-C), and run this again.",
    );
  }
  rmSync(path, { recursive: true, force: true });
  say("The sandbox is empty now.");
}

/** The Pulumi project that the command was typed in; npm tells the folder, and runs everything in the repository. */
function projectOf(typedIn: string | undefined): string {
  return typedIn !== undefined && existsSync(join(typedIn, "Pulumi.yaml")) ? typedIn : repository;
}

function howToReach(seed: TenantSeed, env: NodeJS.ProcessEnv): string {
  const names = [
    "ARM_METADATA_HOSTNAME",
    "ARM_TENANT_ID",
    "ARM_CLIENT_ID",
    "ARM_CLIENT_SECRET",
    "NODE_EXTRA_CA_CERTS",
  ];
  return `
The tenant ${seed.initialDomain} runs until you press Ctrl-C. In another terminal, for example:

  npm run sandbox -- pulumi up
  npm run sandbox -- pulumi stack output
  npm run sandbox -- exo-auth verify
  npm run sandbox -- exo-auth audit

Commands sign in as the first of these identities. To choose another, use --as NAME, as in npm run sandbox -- --as reader exo-auth audit:

${identityTable(seed)}

Other programs reach it with these variables:

${names.map((variable) => `  export ${variable}=${env[variable]}`).join("\n")}
`;
}

function interrupted(): Promise<void> {
  return new Promise((end) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => end());
  });
}

/** Standard output belongs to the command that is run. */
function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

await runAsProcess(main);
