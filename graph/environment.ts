import { readCertificateBytes, readCertificateFile } from "../common/certificateFile.ts";
import { usageFailure } from "../common/failure.ts";
import { readTextFile } from "../common/textFile.ts";
import { federatedTokenSource, tokenFileSource } from "./federatedToken.ts";
import type { ApplicationIdentity, Identity } from "./signIn.ts";

/**
 * The identity that the environment names, whole: that of the `ARM_…` variables, as the azuread provider reads them,
 * where any of them is set; else that of the `AZURE_…` variables of Microsoft's own libraries; else the Azure CLI's.
 *
 * @throws Failure, CertificateFileError
 */
export async function identityFromEnvironment(env: NodeJS.ProcessEnv = process.env): Promise<Identity> {
  if (hasArmVariables(env)) return armIdentity(env);
  return (await azureIdentity(env)) ?? { kind: "azureCli" };
}

/**
 * The identity of the azuread provider: that of the `ARM_…` variables, in the provider's order: a certificate, a secret,
 * a federated token, the Azure CLI. Of the `AZURE_…` variables, the provider knows a pod's tenant alone.
 *
 * Source: internal/provider/helpers.go of hashicorp/terraform-provider-azuread 3.8.0.
 *
 * @throws Failure, CertificateFileError
 */
export async function armIdentity(env: NodeJS.ProcessEnv): Promise<Identity> {
  const inPod = isOn(env.ARM_USE_AKS_WORKLOAD_IDENTITY);
  const tenantId = inPod ? podTenant(env) : env.ARM_TENANT_ID?.trim();
  const clientId = await valueOrFile(env, "ARM_CLIENT_ID");
  if (tenantId && clientId) {
    const identity = await armApplication(env, { tenantId, clientId });
    if (identity) return identity;
  }
  if (inPod) throw usageFailure(incompletePod);
  if (isOn(env.ARM_USE_MSI)) {
    throw usageFailure(
      "ARM_USE_MSI, or azuread:useMsi, is set, but exo-auth does not sign in with managed identities. Give it another way, such as ARM_USE_OIDC with a federated token of the same application.",
    );
  }
  if (/^(f|false|0)$/i.test(env.ARM_USE_CLI ?? "")) {
    throw usageFailure(
      "ARM_USE_CLI, or azuread:useCli, is off, and the ARM_… variables and the stack's azuread:… settings name no other way to sign in. Set ARM_TENANT_ID, ARM_CLIENT_ID and a certificate, a secret or ARM_USE_OIDC.",
    );
  }
  return {
    kind: "azureCli",
    ...(tenantId ? { tenantId } : {}),
    ...(tenantId && clientId && isOn(env.ARM_USE_OIDC) ? { insteadOf: noFederatedToken } : {}),
  };
}

/** The tenant that the cluster's webhook gives a pod. @throws Failure where another one is given */
function podTenant({ AZURE_TENANT_ID: pod, ARM_TENANT_ID: given }: NodeJS.ProcessEnv): string | undefined {
  const tenantId = given?.trim();
  if (!pod || !tenantId || tenantId === pod) return pod || tenantId;
  throw usageFailure(
    "ARM_TENANT_ID, or azuread:tenantId, and the pod's AZURE_TENANT_ID differ. Remove the first, or set ARM_USE_AKS_WORKLOAD_IDENTITY to false.",
  );
}

const incompletePod =
  "ARM_USE_AKS_WORKLOAD_IDENTITY, or azuread:useAksWorkloadIdentity, is on, but the azuread provider takes only the tenant from the pod. Set ARM_CLIENT_ID to the pod's AZURE_CLIENT_ID, and ARM_OIDC_TOKEN_FILE_PATH to its AZURE_FEDERATED_TOKEN_FILE.";

/** What a job has to be told that wanted to sign in with a federated token (github.com/actions/toolkit/issues/952). */
const noFederatedToken =
  "ARM_USE_OIDC is on, but nothing gives a federated token, and the Azure CLI gives no token either. In GitHub Actions, give the job `permissions: id-token: write`. In Azure Pipelines, set ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID and SYSTEM_ACCESSTOKEN. Elsewhere, set ARM_OIDC_TOKEN or ARM_OIDC_TOKEN_FILE_PATH.";

/** Whether an environment says anything of who the azuread provider is. */
export function hasArmVariables(env: NodeJS.ProcessEnv): boolean {
  return armVariables.some((name) => env[name]);
}

/** The variables that make an environment name an identity for the azuread provider. */
const armVariables = [
  "ARM_TENANT_ID",
  "ARM_CLIENT_ID",
  "ARM_CLIENT_ID_FILE_PATH",
  "ARM_CLIENT_CERTIFICATE",
  "ARM_CLIENT_CERTIFICATE_PATH",
  "ARM_CLIENT_SECRET",
  "ARM_CLIENT_SECRET_FILE_PATH",
  "ARM_USE_OIDC",
  "ARM_USE_MSI",
  "ARM_USE_AKS_WORKLOAD_IDENTITY",
  "ARM_USE_CLI",
];

type Application = Pick<ApplicationIdentity, "tenantId" | "clientId">;

async function armApplication(
  env: NodeJS.ProcessEnv,
  application: Application,
): Promise<ApplicationIdentity | undefined> {
  const password = {
    password: env.ARM_CLIENT_CERTIFICATE_PASSWORD || undefined,
    source: "in ARM_CLIENT_CERTIFICATE_PASSWORD",
  };
  const { ARM_CLIENT_CERTIFICATE: base64, ARM_CLIENT_CERTIFICATE_PATH: file } = env;
  if (base64) {
    if (!/^[\d+/=A-Za-z\s]+$/.test(base64)) throw usageFailure(notBase64);
    const bytes = Buffer.from(base64, "base64");
    const found = await readCertificateBytes("The certificate in ARM_CLIENT_CERTIFICATE", bytes, password);
    return { ...application, kind: "certificate", ...found };
  }
  if (file) return { ...application, kind: "certificate", ...(await readCertificateFile(file, password)) };
  const clientSecret = await valueOrFile(env, "ARM_CLIENT_SECRET");
  if (clientSecret) return { ...application, kind: "secret", clientSecret };
  const usesToken = isOn(env.ARM_USE_OIDC) || isOn(env.ARM_USE_AKS_WORKLOAD_IDENTITY);
  const getAssertion = usesToken ? federatedTokenSource(env) : undefined;
  return getAssertion && { ...application, kind: "assertion", getAssertion };
}

const notBase64 =
  "ARM_CLIENT_CERTIFICATE, or azuread:clientCertificate, must be the Base64 of a PFX, got something else. Encode the file's bytes as Base64, or set ARM_CLIENT_CERTIFICATE_PATH to the path of the file.";

async function azureIdentity(env: NodeJS.ProcessEnv): Promise<ApplicationIdentity | undefined> {
  const [tenantId, clientId] = [env.AZURE_TENANT_ID?.trim(), env.AZURE_CLIENT_ID?.trim()];
  if (!tenantId || !clientId) return undefined;
  const application = { tenantId, clientId };
  if (env.AZURE_CLIENT_CERTIFICATE_PATH) {
    const found = await readCertificateFile(env.AZURE_CLIENT_CERTIFICATE_PATH, {
      password: env.AZURE_CLIENT_CERTIFICATE_PASSWORD || undefined,
      source: "in AZURE_CLIENT_CERTIFICATE_PASSWORD",
    });
    return { ...application, kind: "certificate", ...found };
  }
  const { AZURE_CLIENT_SECRET: clientSecret, AZURE_FEDERATED_TOKEN_FILE: file } = env;
  if (clientSecret) return { ...application, kind: "secret", clientSecret };
  return file ? { ...application, kind: "assertion", getAssertion: tokenFileSource(file) } : undefined;
}

/** A value that may also be in a file. @throws Failure where both are given and differ, as for the azuread provider */
async function valueOrFile(
  env: NodeJS.ProcessEnv,
  name: "ARM_CLIENT_ID" | "ARM_CLIENT_SECRET",
): Promise<string | undefined> {
  const given = env[name]?.trim();
  const file = env[`${name}_FILE_PATH`];
  if (!file) return given;
  const found = (await readTextFile(file)).trim();
  if (!given || given === found) return found;
  throw usageFailure(`${name} and the file of ${name}_FILE_PATH differ. Remove one of them.`);
}

/** As the provider reads a switch: ParseBool of Go's strconv. */
function isOn(flag: string | undefined): boolean {
  return /^(t|true|1)$/i.test(flag ?? "");
}
