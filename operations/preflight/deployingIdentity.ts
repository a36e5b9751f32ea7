import { Cloud } from "../../microsoft/clouds.ts";
import { cloudOfEnvironment } from "../../graph/endpoints.ts";
import { identityFromEnvironment } from "../../graph/environment.ts";
import type { Identity } from "../../graph/signIn.ts";
import { usageFailure } from "../../common/failure.ts";

/** Who deploys, and into which cloud: by the variables that the azuread provider reads, too. @throws Failure */
export async function deployingIdentity(
  env: NodeJS.ProcessEnv,
): Promise<{ identity: Identity; cloud: Cloud }> {
  const environment = env.ARM_ENVIRONMENT;
  const cloud = environment ? cloudOfEnvironment(environment) : Cloud.Global;
  if (cloud === undefined) {
    throw usageFailure(
      `ARM_ENVIRONMENT names no cloud, got "${environment}". Use public, usgovernment, usgovernmentl5 or china.`,
    );
  }
  return { identity: await identityFromEnvironment(env), cloud };
}
