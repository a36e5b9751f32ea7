import { identityFromEnvironment } from "../../graph/environment.ts";
import type { Identity } from "../../graph/signIn.ts";
import type { PulumiOptions } from "../../stack/pulumiCli.ts";
import { deployingIdentity } from "../preflight/deployingIdentity.ts";

/** Who reads a stack's tenant, and the environment that says where. */
export interface Reading {
  readonly identity: Identity;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * The application that the environment names, so that reading can have an identity of its own; where it names none, the
 * one that deploys the stack, so that nobody else reads without a word.
 *
 * @throws Failure
 */
export async function readingIdentity(options: PulumiOptions): Promise<Reading> {
  const { env } = options;
  const identity = await identityFromEnvironment(env);
  return identity.kind === "azureCli" ? deployingIdentity(options) : { identity, env };
}
