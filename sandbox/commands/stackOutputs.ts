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

/** Reads what the root program gave to its stack. @throws SandboxError where that is no certificate with its key */
export async function readStackOutputs(stack: Pick<StackWorkspace, "run">): Promise<StackOutputs> {
  const args = ["stack", "output", "--json", "--show-secrets"];
  const { exitCode, stdout, stderr } = await stack.run("pulumi", args);
  if (exitCode !== 0) throw new SandboxError(`The stack's outputs cannot be read: ${stderr.trim()}`);
  const { success, output } = v.safeParse(StackOutputs, JSON.parse(stdout));
  if (success) return output;
  throw new SandboxError(
    "The stack is deployed, but has no certificate with a private key, so there is nothing to sign in with here. To prove it, run `npm run sandbox -- pulumi config rm certificate`, and this again.",
  );
}
