import { readFile } from "node:fs/promises";

import { providerSettings, type ProviderSetting } from "../../../stack/providerSettings.ts";
import { flag, optional, text, type Fields } from "../protocol/schema.ts";
import type { Properties } from "../protocol/values.ts";

/** What the provider may be given in its configuration. */
export const configFields: Fields = {
  adoPipelineServiceConnectionId: optional(text),
  clientCertificate: optional(text),
  clientCertificatePassword: optional(text, { secret: true }),
  clientCertificatePath: optional(text),
  clientId: optional(text, { secret: true }),
  clientIdFilePath: optional(text),
  clientSecret: optional(text, { secret: true }),
  clientSecretFilePath: optional(text),
  disableTerraformPartnerId: optional(flag),
  environment: optional(text),
  metadataHost: optional(text),
  msiEndpoint: optional(text),
  oidcRequestToken: optional(text),
  oidcRequestUrl: optional(text),
  oidcToken: optional(text),
  oidcTokenFilePath: optional(text),
  partnerId: optional(text),
  tenantId: optional(text),
  useAksWorkloadIdentity: optional(flag),
  useCli: optional(flag),
  useMsi: optional(flag),
  useOidc: optional(flag),
};

/** How the plugin signs in. */
export type Credential =
  | { readonly kind: "secret"; readonly secret: string }
  | { readonly kind: "certificate"; readonly path: string; readonly password: string }
  | { readonly kind: "federated"; readonly token: string }
  /** A token to ask GitHub Actions for, each time. */
  | { readonly kind: "requested"; readonly url: string; readonly bearer: string };

/** Where and as whom the plugin signs in. */
export interface ProviderSettings {
  readonly metadataHost: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly credential: Credential;
}

/** The clouds that the official plugin knows by name. */
const environments = [
  "public",
  "global",
  "canary",
  "china",
  "dod",
  "usgovernment",
  "usgovernmentl4",
  "usgovernmentl5",
];

/**
 * Reads the settings from the provider's configuration, else from the environment, as the official plugin does.
 *
 * @throws an error that says what is missing. Without a metadata host, the plugin refuses to work at all: it is made
 *   for the sandbox, not for the cloud.
 */
export async function readSettings(
  config: Properties,
  environment: NodeJS.ProcessEnv,
): Promise<ProviderSettings> {
  const setting = (name: ProviderSetting): string => {
    const given = config[name];
    const value = typeof given === "string" || typeof given === "boolean" ? String(given) : "";
    const inherited = providerSettings[name].map((variable) => environment[variable]).find(Boolean);
    return (value || inherited || "").trim();
  };
  const fromFile = async (name: "clientId" | "clientSecret" | "oidcToken", path: string): Promise<string> => {
    const given = setting(name);
    if (path === "") return given;
    const contents = (await readFile(path, "utf8")).trim();
    if (given === "" || given === contents) return contents;
    throw new Error(
      `mismatch between supplied ${name} and supplied ${name} file contents - please either remove one or ensure they match`,
    );
  };

  const cloud = setting("environment") || "public";
  if (!environments.includes(cloud.toLowerCase())) {
    throw new Error(
      `failed to read Azure environment "${cloud}". It must be one of: ${environments.join(", ")}.`,
    );
  }
  const metadataHost = setting("metadataHost");
  if (metadataHost === "") {
    throw new Error(
      "The sandbox's azuread plugin has no metadata host, and never talks to the cloud. Set ARM_METADATA_HOSTNAME or azuread:metadataHost to the sandbox's tenant.",
    );
  }
  const clientId = await fromFile("clientId", setting("clientIdFilePath"));
  const pod = isOn(setting("useAksWorkloadIdentity")) ? (environment["AZURE_TENANT_ID"] ?? "") : "";
  const tenantId = setting("tenantId") || pod;
  if (pod !== "" && pod !== tenantId) {
    throw new Error(
      "mismatch between supplied Tenant ID and that provided by AKS Workload Identity - please remove, ensure they match, or disable use_aks_workload_identity",
    );
  }
  const credential = await chooseCredential(setting, fromFile);
  if (credential === undefined || clientId === "" || tenantId === "") throw new Error(noCredentials);
  return { metadataHost, tenantId, clientId, credential };
}

const noCredentials =
  "failed to load Azure credentials.\nDetails: no authentication method is configured in full (tenant id, client id, and a client secret, client certificate path or OIDC token).\n\n" +
  "\tSet ARM_TENANT_ID, ARM_CLIENT_ID and ARM_CLIENT_SECRET, ARM_CLIENT_CERTIFICATE_PATH or ARM_OIDC_TOKEN with ARM_USE_OIDC=true.";

async function chooseCredential(
  setting: (name: ProviderSetting) => string,
  fromFile: (name: "clientSecret" | "oidcToken", path: string) => Promise<string>,
): Promise<Credential | undefined> {
  const path = setting("clientCertificatePath");
  if (path !== "") return { kind: "certificate", path, password: setting("clientCertificatePassword") };
  const secret = await fromFile("clientSecret", setting("clientSecretFilePath"));
  if (secret !== "") return { kind: "secret", secret };
  if (!isOn(setting("useOidc")) && !isOn(setting("useAksWorkloadIdentity"))) return undefined;
  const token = await fromFile("oidcToken", setting("oidcTokenFilePath"));
  if (token !== "") return { kind: "federated", token };
  const [url, bearer] = [setting("oidcRequestUrl"), setting("oidcRequestToken")];
  return url === "" || bearer === "" ? undefined : { kind: "requested", url, bearer };
}

/** As Go's strconv.ParseBool reads a switch. */
function isOn(value: string): boolean {
  return ["true", "t", "1"].includes(value.toLowerCase());
}
