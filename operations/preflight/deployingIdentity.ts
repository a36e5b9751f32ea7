import path from "node:path";
import { Failure, usageFailure } from "../../common/failure.ts";
import { cloudOfEnvironment } from "../../graph/endpoints.ts";
import { armIdentity } from "../../graph/environment.ts";
import type { Identity } from "../../graph/signIn.ts";
import { Cloud } from "../../microsoft/clouds.ts";
import {
  type Configuration,
  readConfiguration,
  readConfigurationWithSecrets,
} from "../../stack/configuration.ts";
import { importedEnvironments } from "../../stack/importedEnvironments.ts";
import { providerSettings } from "../../stack/providerSettings.ts";
import type { PulumiOptions } from "../../stack/pulumiCli.ts";

/** Who deploys a stack, and into which cloud. */
export interface Deployment {
  readonly identity: Identity;
  readonly cloud: Cloud;
  /** The environment as the azuread provider sees it: the stack's `azuread:…` settings go before variables. */
  readonly env: NodeJS.ProcessEnv;
}

/** Who deploys the stack, by the settings and the variables that the azuread provider reads, too. @throws Failure */
export async function deployingIdentity(options: PulumiOptions): Promise<Deployment> {
  const env = providerEnvironment(await readProviderSettings(options), options.env);
  const environment = env.ARM_ENVIRONMENT;
  const cloud = environment ? cloudOfEnvironment(environment) : Cloud.Global;
  if (cloud === undefined) {
    throw usageFailure(
      `ARM_ENVIRONMENT, or azuread:environment, must be public, usgovernment, usgovernmentl5 or china, got "${environment}".`,
    );
  }
  const identity = await armIdentity(env);
  if (identity.kind === "azureCli" && !env.ARM_USE_CLI) await refuseHiddenVariables(options);
  return { identity, cloud, env };
}

/** A stack's settings; with its secrets where the provider signs in with one. */
async function readProviderSettings(options: PulumiOptions): Promise<Configuration> {
  const settings = await readConfiguration(options);
  const isSecret = Object.entries(settings).some(([key, { secret }]) => secret && key.startsWith("azuread:"));
  return isSecret ? readConfigurationWithSecrets(options) : settings;
}

/** The `azuread:…` settings of a stack as the variables that they go before. @internal */
export function providerEnvironment(settings: Configuration, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const given = Object.entries(providerSettings).flatMap(([key, [variable]]) => {
    const value = settings[`azuread:${key}`]?.value;
    return value === undefined || value === "" ? [] : [[variable, value]];
  });
  return { ...env, ...Object.fromEntries(given) };
}

/** Pulumi gives a stack's ESC environments to the provider; nobody else sees their variables. */
async function refuseHiddenVariables({ cwd = process.cwd(), ...options }: PulumiOptions): Promise<void> {
  const names = await importedEnvironments({ ...options, cwd: path.resolve(cwd) });
  if (names.length === 0) return;
  throw new Failure(
    "EXO_AUTH_USAGE",
    `The stack's settings use Pulumi ESC (${names.join(", ")}), whose variables only Pulumi sees, and nothing else says who deploys. Run this as \`pulumi env run ENVIRONMENT -- exo-auth …\`, or set the ARM_… variables; if the Azure CLI's account deploys, set ARM_USE_CLI=true.`,
  );
}
