import * as v from "valibot";

import { SandboxError } from "../sandboxError.ts";
import type { StackWorkspace } from "../workspace/workspace.ts";

const StackOutputs = v.object({
  appId: v.string(),
  thumbprint: v.string(),
  tenantDomain: v.string(),
  tenantId: v.string(),
  servicePrincipalObjectId: v.string(),
  certificatePem: v.string(),
  certificateNotAfter: v.string(),
  privateKeyPem: v.string(),
  connectExchangeOnline: v.string(),
});

/** The root program's outputs, with the private key in plain text. */
export type StackOutputs = v.InferOutput<typeof StackOutputs>;

/** Reads what the root program gave to its stack. */
export async function readStackOutputs(stack: StackWorkspace): Promise<StackOutputs> {
  const args = ["stack", "output", "--json", "--show-secrets"];
  const { exitCode, stdout, stderr } = await stack.run("pulumi", args);
  if (exitCode !== 0) throw new SandboxError(`The stack's outputs cannot be read: ${stderr.trim()}`);
  return v.parse(StackOutputs, JSON.parse(stdout));
}
