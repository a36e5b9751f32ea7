import { hasArmVariables, identityFromEnvironment } from "../../graph/environment.ts";
import type { RequestLimit } from "../../graph/requestLimit.ts";
import type { Identity } from "../../graph/signIn.ts";
import type { PulumiOptions } from "../../stack/pulumiCli.ts";
import { knownDeployment, refuseHiddenVariables } from "../preflight/deployingIdentity.ts";

/** Who reads a stack's tenant, and the environment that says where. */
export interface Reading {
  readonly identity: Identity;
  readonly env: NodeJS.ProcessEnv;
}

/** Where a tenant is read from. */
export interface ReadingOptions extends PulumiOptions {
  /** Who reads, for a run that reads several times. @default it is found out */
  readonly reading?: Promise<Reading> | undefined;
  /** Shared by everyone who reads as the same application. @default none */
  readonly limit?: RequestLimit | undefined;
}

/**
 * The application of the `ARM_…` variables, so that reading can have an identity of its own; else the one that deploys by
 * the stack's settings; else that of the `AZURE_…` variables, which may be a state backend's; else the Azure CLI's account.
 * So nobody else than who deploys reads without a word.
 *
 * @throws Failure
 */
export async function readingIdentity({ reading, ...options }: ReadingOptions): Promise<Reading> {
  if (reading !== undefined) return reading;
  const { env } = options;
  const identity = await identityFromEnvironment(env);
  const isApplication = identity.kind !== "azureCli";
  if (isApplication && hasArmVariables(env)) return { identity, env };
  const deployment = await knownDeployment(options);
  if (deployment.identity.kind !== "azureCli") return deployment;
  if (isApplication) return { identity, env };
  await refuseHiddenVariables(deployment, options);
  return deployment;
}
