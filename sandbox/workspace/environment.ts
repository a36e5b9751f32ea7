import { randomBytes } from "node:crypto";
import { delimiter } from "node:path";

import type { PluginSource } from "../commands/arguments.ts";
import type { SandboxFolder } from "./sandboxFolder.ts";

/** Whom the azuread provider and exo-auth sign in as. */
export interface Deployer {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** A stack that commands mean without saying so. */
export interface CurrentStack {
  readonly name: string;
  /** Its settings file, which lies in the sandbox's folder instead of beside Pulumi.yaml. */
  readonly settings: string;
}

/** What every environment is made of. */
export interface PulumiParts {
  /** The caller's environment. */
  readonly outer: NodeJS.ProcessEnv;
  readonly folder: SandboxFolder;
  readonly pulumiHome: string;
  readonly stack?: CurrentStack;
}

/** What an environment in a tenant of Microsoft's is made of. */
export interface CallersParts extends PulumiParts {
  readonly tenantId: string;
  /** Where the cloud's metadata document is, as in `localhost:8443`. Default: as the caller's environment says. */
  readonly metadataHost?: string;
}

/** What a sandbox's environment is made of. */
export interface EnvironmentParts extends PulumiParts {
  readonly plugins: PluginSource;
  /** As in `https://localhost:8443`. */
  readonly tenantUrl: string;
  readonly deployer: Deployer;
}

/** Everything that would let a command of the sandbox reach or sign in to something real. */
const outerSettings = /^(PULUMI|ARM|AZURE|AZUREAD|ACTIONS_ID_TOKEN|SYSTEM|MSI|IDENTITY|TF)_/;

/** The passphrase of every state in a sandbox, where all secrets are those of a made-up tenant. */
const passphrase = "sandbox";

/** That of a state in the caller's own tenant: once this process has ended, nobody can read its secrets. */
const callersPassphrase = randomBytes(24).toString("base64url");

/** The environment in which Pulumi, its plugins and exo-auth work on the sandbox and on nothing else. */
export function sandboxEnvironment(parts: EnvironmentParts): NodeJS.ProcessEnv {
  const { outer, folder, plugins, tenantUrl, deployer } = parts;
  const kept = Object.entries(outer).filter(([name]) => !outerSettings.test(name));
  const noProxy = [outer["NO_PROXY"] ?? outer["no_proxy"], "localhost", "127.0.0.1"]
    .filter(Boolean)
    .join(",");
  return {
    ...Object.fromEntries(kept),
    ...pulumiSettings(parts),
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    NO_PROXY: noProxy,
    no_proxy: noProxy,
    NODE_EXTRA_CA_CERTS: folder.certificateAuthority,
    SSL_CERT_FILE: folder.trustedAuthorities,
    CURL_CA_BUNDLE: folder.trustedAuthorities,
    ...(plugins === "stand-in" && { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" }),
    ARM_METADATA_HOSTNAME: new URL(tenantUrl).host,
    ARM_TENANT_ID: deployer.tenantId,
    ARM_CLIENT_ID: deployer.clientId,
    ARM_CLIENT_SECRET: deployer.clientSecret,
  };
}

/** The environment in which Pulumi has a state of its own, and everything signs in as the caller does. */
export function callersEnvironment(parts: CallersParts): NodeJS.ProcessEnv {
  const { outer, tenantId, metadataHost } = parts;
  const kept = Object.entries(outer).filter(([name]) => !name.startsWith("PULUMI_"));
  return {
    ...Object.fromEntries(kept),
    ...pulumiSettings(parts),
    PULUMI_CONFIG_PASSPHRASE: callersPassphrase,
    ARM_TENANT_ID: tenantId,
    ...(metadataHost !== undefined && { ARM_METADATA_HOSTNAME: metadataHost }),
  };
}

function pulumiSettings({ outer, folder, pulumiHome, stack }: PulumiParts): NodeJS.ProcessEnv {
  return {
    PATH: [folder.bin, outer["PATH"]].filter(Boolean).join(delimiter),
    PULUMI_HOME: pulumiHome,
    PULUMI_BACKEND_URL: `file://${folder.state}`,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // A plugin on the caller's PATH would go before those in PULUMI_HOME.
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
    ...(stack && { PULUMI_STACK: stack.name, PULUMI_OPTION_CONFIG_FILE: stack.settings }),
  };
}
