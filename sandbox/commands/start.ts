import { styleText } from "node:util";

import { readArguments } from "./arguments.ts";
import { openCommandSandbox } from "./commandSandbox.ts";
import type { ProofSubject } from "./proof.ts";
import {
  proveForeignCertificateRefused,
  provePermissionNeeded,
  proveRoleNeeded,
  proveSignIn,
} from "./proof.ts";
import { runAsProcess, SandboxError } from "../sandboxError.ts";
import { readStackOutputs } from "./stackOutputs.ts";
import { summary } from "./summary.ts";
import { trustInThisProcess } from "../workspace/trust.ts";
import type { StackWorkspace } from "../workspace/workspace.ts";

/** `npm start`: deploys to the sandbox's tenant with Pulumi's engine, shows the values and proves that they work. */
async function start(): Promise<number> {
  const begin = performance.now();
  const { plugins, command, ...others } = readArguments(process.argv.slice(2), process.env);
  if (command.length > 0 || Object.values(others).some((value) => value !== false)) {
    throw new SandboxError(
      "`npm start` takes only the option --plugins. For other options, use `npm run sandbox --`.",
    );
  }
  const sandbox = await openCommandSandbox({ plugins });
  try {
    say(`${sandbox.description}\n`);
    const stack = await sandbox.stack(sandbox.stackName);
    // Nothing stands in the way in a new tenant, and preflight takes as long as a preview.
    const obstacles = sandbox.isNew ? 0 : await stack.attach("exo-auth", ["preflight", "--quiet"]);
    if (obstacles !== 0) return obstacles;
    const exitCode = await stack.attach("pulumi", ["up", "--yes", "--skip-preview", "--suppress-outputs"]);
    if (exitCode !== 0) {
      say("`pulumi up` failed. To begin again with an empty tenant, run `npm run sandbox -- --reset`.");
      return exitCode;
    }

    // The slowest proof, which disturbs none of the others.
    const unchanged = proveUnchanged(stack);
    unchanged.catch(() => undefined);
    const outputs = await readStackOutputs(stack);
    say(summary(outputs));
    trustInThisProcess(sandbox.tenant.certificateAuthorityPem);
    const { tenant, folder } = sandbox;
    const subject = { outputs, tenant, tenantData: folder.tenantData, seed: sandbox.seed };
    for (const prove of proofs) say(`${styleText("green", "✓")} ${await prove(subject)}`);
    say(`${styleText("green", "✓")} ${await unchanged}`);
    say(`\nDone in ${Math.round((performance.now() - begin) / 1000)} s.`);
    return 0;
  } finally {
    await sandbox.tenant.release();
  }
}

const proofs: readonly ((subject: ProofSubject) => Promise<string>)[] = [
  proveSignIn,
  proveForeignCertificateRefused,
  provePermissionNeeded,
  proveRoleNeeded,
];

async function proveUnchanged(stack: StackWorkspace): Promise<string> {
  const args = ["preview", "--refresh", "--expect-no-changes"];
  const command = `pulumi ${args.join(" ")}`;
  const { exitCode, stdout, stderr } = await stack.run("pulumi", [...args, "--non-interactive"]);
  if (exitCode !== 0) throw new SandboxError(`${command} found changes:\n${stdout}${stderr}`);
  return `Nothing to change: ${command}.`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

await runAsProcess(start);
