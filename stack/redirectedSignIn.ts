import { Failure } from "../common/failure.ts";
import { clipped, visible } from "../common/foreignText.ts";
import { signatureKey } from "../common/pulumiSignatures.ts";
import { type Configuration, readConfiguration, readConfigurationWithSecrets } from "./configuration.ts";
import { type ExportedState, exportStateWithSecrets } from "./exportedState.ts";
import { type ProviderSetting, providerSettings } from "./providerSettings.ts";
import type { PulumiOptions } from "./pulumiCli.ts";
import type { StackResource } from "./resource.ts";
import { hasSealed, openingFor } from "./sealedValues.ts";
import { parseUrn } from "./urn.ts";
import { plain } from "./values.ts";

/** Where a provider sends what it signs in with. A writer of the state could name an address of their own. */
const addresses: readonly ProviderSetting[] = ["metadataHost", "msiEndpoint", "oidcRequestUrl"];

/** Who signs in, to which tenant, with the contents of which file. A program may give each explicit provider its own. */
const identities: readonly ProviderSetting[] = [
  "adoPipelineServiceConnectionId",
  "clientCertificatePath",
  "clientId",
  "clientIdFilePath",
  "clientSecretFilePath",
  "environment",
  "oidcTokenFilePath",
  "tenantId",
];

/** What Pulumi writes into the state where nobody names a cloud. */
const defaultEnvironment = "public";

/**
 * What Pulumi is to do with a state (3.259). A refresh takes every provider from there. An update takes the program's,
 * whose settings may be newer than the state's; those of the state only for what it deletes, and for a resource that is
 * marked to be refreshed first (`refreshBeforeUpdate`), in previews too.
 */
export type StateUse = "refresh" | "update";

/**
 * Refuses a state whose azuread providers sign in otherwise than the stack's settings and the environment say. For before
 * Pulumi is started with that state. Asks for secrets only where such a property is one.
 *
 * @throws Failure
 */
export async function requireOwnSignIn(
  use: StateUse,
  { resources }: Pick<ExportedState, "resources">,
  options: PulumiOptions,
): Promise<void> {
  const { env } = options;
  // Settings can only allow more, and most states need none.
  if (redirectedSignIn(resources, { use, settings: {}, env }) === undefined) return;
  const sealed = resources.filter(isAzureadProvider).flatMap((provider) => sealedSignIn(provider, use));
  const [purpose] = sealed;
  const failure =
    purpose === undefined
      ? redirectedSignIn(resources, { use, settings: await readConfiguration(options), env })
      : await openingFor(purpose, async () => {
          const opened = await exportStateWithSecrets(options);
          const settings = await readConfigurationWithSecrets(options);
          return redirectedSignIn(opened.resources, { use, settings, env });
        });
  if (failure !== undefined) throw failure;
}

/** What a state is compared with. */
export interface Expected {
  readonly use: StateUse;
  readonly settings: Configuration;
  readonly env: NodeJS.ProcessEnv;
}

/** The failure of a state that redirects sign-ins, which names every such property; undefined for another state. */
export function redirectedSignIn(
  resources: readonly StackResource[],
  expected: Expected,
): Failure | undefined {
  const found = resources.filter(isAzureadProvider).flatMap((provider) => redirections(provider, expected));
  if (found.length === 0) return undefined;
  const names = [...new Set(found.map(({ setting }) => setting))];
  const ways = names.map((name) => `\`azuread:${name}\` or ${providerSettings[name][0]}`).join(", ");
  return new Failure(
    "EXO_AUTH_SIGN_IN_REDIRECTED",
    `The stack's state signs in elsewhere than the stack's settings and the environment say:
${found.map(({ text }) => `  - ${text}`).join("\n")}
Nothing was started. If you know the value and it is right, set ${ways}. If it is out of date, run \`pulumi up\`. If you do not know it, do neither. Somebody who can write the state may have put it there to get your tokens. Restore an older state, and find out who wrote this one.`,
  );
}

interface Redirection {
  readonly setting: ProviderSetting;
  readonly text: string;
}

function isAzureadProvider({ type }: StackResource): boolean {
  return type === "pulumi:providers:azuread";
}

/** The properties of a provider that are compared. */
function checkedOf({ urn }: StackResource, use: StateUse): readonly ProviderSetting[] {
  // A default provider has what the settings say and nothing else.
  const isDefault = /^default(_|$)/.test(parseUrn(urn).name);
  return isDefault && use === "refresh" ? [...addresses, ...identities] : addresses;
}

/** What of a provider cannot be compared without the stack's secrets, in words. */
function sealedSignIn(provider: StackResource, use: StateUse): readonly string[] {
  const { urn, inputs, outputs } = provider;
  return checkedOf(provider, use)
    .filter((name) => hasSealed(inputs[name]) || hasSealed(outputs[name]))
    .map(
      (name) =>
        `\`${name}\` of the azuread provider "${clipped(visible(parseUrn(urn).name), 100)}" is a secret in the state, so only the stack's secrets tell which identity it signs in as.`,
    );
}

function redirections(provider: StackResource, { use, settings, env }: Expected): readonly Redirection[] {
  const { urn, inputs, outputs } = provider;
  const { name } = parseUrn(urn);
  return checkedOf(provider, use).flatMap((setting) => {
    const said = saidOf(setting, settings, env);
    const values = [inputs[setting], outputs[setting]].filter((value) => {
      const open = plain(value) ?? "";
      return open !== "" && !(typeof open === "string" && said.includes(open));
    });
    const texts = new Set(values.map(shown));
    return [...texts].map((value) => ({
      setting,
      text: `azuread provider "${clipped(visible(name), 100)}": \`${setting}\` is ${value}`,
    }));
  });
}

function saidOf(
  setting: ProviderSetting,
  settings: Configuration,
  env: NodeJS.ProcessEnv,
): readonly (string | undefined)[] {
  return [
    settings[`azuread:${setting}`]?.value,
    ...providerSettings[setting].map((variable) => env[variable]),
    ...(setting === "environment" ? [defaultEnvironment] : []),
  ];
}

function shown(value: unknown): string {
  if (typeof value === "object" && value !== null && signatureKey in value) return "a secret";
  return typeof value === "string" ? `"${clipped(visible(value), 200)}"` : "not a text";
}
