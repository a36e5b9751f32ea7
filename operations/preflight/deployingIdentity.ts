import path from "node:path";
import { Failure, usageFailure } from "../../common/failure.ts";
import { cloudOfEnvironment } from "../../graph/endpoints.ts";
import { armIdentity } from "../../graph/environment.ts";
import type { Identity } from "../../graph/signIn.ts";
import { Cloud } from "../../microsoft/clouds.ts";
import { type Configuration, readConfigurationOf } from "../../stack/configuration.ts";
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
  const deployment = await knownDeployment(options);
  if (deployment.identity.kind === "azureCli") await refuseHiddenVariables(deployment, options);
  return deployment;
}

/** As `deployingIdentity`, though variables that only Pulumi sees may name another. @throws Failure */
export async function knownDeployment(options: PulumiOptions): Promise<Deployment> {
  const env = providerEnvironment(await readConfigurationOf("azuread", options), options.env);
  return { identity: await armIdentity(env), cloud: providerCloud(env), env };
}

/** The cloud of an environment as the azuread provider sees it. @throws Failure where it names none */
export function providerCloud({ ARM_ENVIRONMENT: environment }: NodeJS.ProcessEnv): Cloud {
  const cloud = environment ? cloudOfEnvironment(environment) : Cloud.Global;
  if (cloud !== undefined) return cloud;
  throw usageFailure(
    `ARM_ENVIRONMENT, or azuread:environment, must be public, usgovernment, usgovernmentl5 or china, got "${environment}".`,
  );
}

/** The `azuread:…` settings of a stack as the variables that they go before. @internal */
export function providerEnvironment(settings: Configuration, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const given = Object.entries(providerSettings).flatMap(([key, [variable]]) => {
    const value = settings[`azuread:${key}`]?.value;
    return value === undefined || value === "" ? [] : [[variable, value]];
  });
  return { ...env, ...Object.fromEntries(given) };
}

/** Pulumi gives a stack's ESC environments to the provider; nobody else sees their variables. @throws Failure */
export async function refuseHiddenVariables(
  { env }: Pick<Deployment, "env">,
  { cwd = process.cwd(), ...options }: PulumiOptions,
): Promise<void> {
  if (env.ARM_USE_CLI) return;
  const names = await importedEnvironments({ ...options, cwd: path.resolve(cwd) });
  if (names.length === 0) return;
  throw new Failure(
    "EXO_AUTH_USAGE",
    `The stack's settings use Pulumi ESC (${names.join(", ")}), and only Pulumi can see its variables. Nothing else names the deploying identity. Run this as \`pulumi env run ENVIRONMENT -- exo-auth …\`, or set the ARM_… variables. If the Azure CLI's account deploys, set ARM_USE_CLI=true.`,
  );
}
