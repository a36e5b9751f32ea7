import { X509Certificate } from "node:crypto";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import * as v from "valibot";
import { appOnlyRoles } from "../../microsoft/roles.ts";
import type { Endpoints } from "../../graph/endpoints.ts";
import { resolveEndpoints } from "../../graph/endpoints.ts";
import { createCredential } from "../../graph/signIn.ts";
import type { ApplicationIdentity, Identity } from "../../graph/signIn.ts";
import type { TenantSeed, TenantServer, TenantServerOptions } from "../../sandbox/tenant/index.ts";
import { startTenantServer } from "../../sandbox/tenant/index.ts";
import type { TestCertificate } from "./testCertificate.ts";
import { makeCertificate } from "./testCertificate.ts";

/** A tenant of this process, trusted by it. */
export interface TestTenant {
  readonly server: TenantServer;
  readonly seed: TenantSeed;
  readonly endpoints: Endpoints;
  /** The variables that lead to it. */
  readonly env: Readonly<Record<string, string>>;
  readonly deployer: ApplicationIdentity;
  /** Writes to Graph as the deploying identity, or as another, and returns the answer's body. */
  write(
    method: "GET" | "POST" | "PATCH" | "DELETE",
    path: string,
    body?: unknown,
    identity?: Identity,
  ): Promise<Record<string, unknown>>;
  /** The object ID of a service principal by its client ID. */
  principalOf(appId: string): Promise<string>;
}

/** Starts a tenant server whose certificate this process trusts from now on. */
export async function startTestTenant(options: TenantServerOptions = {}): Promise<TestTenant> {
  const server = await startTenantServer(options);
  setDefaultCACertificates([...getCACertificates("default"), server.certificateAuthorityPem]);
  const [seed] = server.seeds;
  if (seed === undefined) throw new Error("a tenant server without tenants");
  const env = { ARM_METADATA_HOSTNAME: new URL(server.url).host };
  const endpoints = await resolveEndpoints("global", env);
  const deployer: ApplicationIdentity = { kind: "secret", tenantId: seed.tenantId, ...seed.deployer };
  const send = async (
    method: string,
    path: string,
    body?: unknown,
    identity: Identity = deployer,
  ): Promise<unknown> => {
    const { token } = await createCredential(identity, endpoints).getToken(endpoints.graph.scope);
    const response = await fetch(`${server.url}/v1.0${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? {} : JSON.parse(text);
  };
  return {
    server,
    seed,
    endpoints,
    env,
    deployer,
    write: async (...request) => v.parse(v.record(v.string(), v.unknown()), await send(...request)),
    async principalOf(appId) {
      const answer = await send("GET", `/servicePrincipals?$filter=appId eq '${appId}'`);
      return v.parse(v.object({ value: v.tuple([v.object({ id: v.string() })]) }), answer).value[0].id;
    },
  };
}

/** An application with everything that a sign-in to Exchange needs, and what is needed to take parts of it away. */
export interface TestApplication extends TestCertificate {
  readonly appId: string;
  readonly applicationObjectId: string;
  readonly servicePrincipalObjectId: string;
  /** Of its one certificate. */
  readonly keyId: string;
  readonly identity: ApplicationIdentity;
  /** Paths of what was created, for `DELETE`. */
  readonly consentPath?: string;
  readonly rolePaths: readonly string[];
}

/** What a test application is created with. */
export interface TestApplicationOptions {
  readonly certificate?: TestCertificate;
  /** @default true */
  readonly consent?: boolean;
  /** Whether Exchange.ManageAsApp is granted on Exchange Online Protection too. @default false */
  readonly securityAndCompliance?: boolean;
  /** @default ["Exchange Administrator"] */
  readonly roles?: readonly string[];
}

const CreatedApplication = v.object({
  id: v.string(),
  appId: v.string(),
  keyCredentials: v.tuple([v.object({ keyId: v.string() })]),
});

/** Creates an application as the component does, straight in the tenant. */
export async function createApplication(
  tenant: TestTenant,
  {
    certificate,
    consent = true,
    roles = ["Exchange Administrator"],
    securityAndCompliance = false,
  }: TestApplicationOptions = {},
): Promise<TestApplication> {
  const made = certificate ?? (await makeCertificate());
  const { raw, validFromDate, validToDate } = new X509Certificate(made.certificatePem);
  const application = await tenant.write("POST", "/applications", {
    displayName: "Exchange Online automation",
    signInAudience: "AzureADMyOrg",
    keyCredentials: [
      {
        type: "AsymmetricX509Cert",
        usage: "Verify",
        key: raw.toString("base64"),
        startDateTime: graphTime(validFromDate),
        endDateTime: graphTime(validToDate),
      },
    ],
  });
  const { id, appId, keyCredentials } = v.parse(CreatedApplication, application);
  const principal = await tenant.write("POST", "/servicePrincipals", { appId });
  const servicePrincipalObjectId = v.parse(v.string(), principal["id"]);
  const consentPath = consent ? await grant(tenant, servicePrincipalObjectId) : undefined;
  if (securityAndCompliance) await grant(tenant, servicePrincipalObjectId, exchangeOnlineProtection);
  const rolePaths: string[] = [];
  for (const role of roles) rolePaths.push(await assignRole(tenant, servicePrincipalObjectId, role));
  return {
    ...made,
    appId,
    applicationObjectId: id,
    servicePrincipalObjectId,
    keyId: keyCredentials[0].keyId,
    identity: { kind: "certificate", tenantId: tenant.seed.tenantId, clientId: appId, ...made },
    ...(consentPath === undefined ? {} : { consentPath }),
    rolePaths,
  };
}

/** A resource with its Exchange.ManageAsApp. */
interface ManagedResource {
  readonly appId: string;
  readonly appRoleId: string;
}

const exchangeOnline: ManagedResource = {
  appId: "00000002-0000-0ff1-ce00-000000000000",
  appRoleId: "dc50a0fb-09a3-484d-be87-e023b12c6440",
};
const exchangeOnlineProtection: ManagedResource = {
  appId: "00000007-0000-0ff1-ce00-000000000000",
  appRoleId: "455e5cd2-84e8-4751-8344-5672145dfa17",
};

/** Grants Exchange.ManageAsApp, of Exchange Online or of another resource. @returns the assignment's path */
export async function grant(
  tenant: TestTenant,
  principalId: string,
  { appId, appRoleId }: ManagedResource = exchangeOnline,
): Promise<string> {
  const resourceId = await tenant.principalOf(appId);
  const assignments = `/servicePrincipals/${resourceId}/appRoleAssignedTo`;
  const assignment = await tenant.write("POST", assignments, {
    principalId,
    resourceId,
    appRoleId,
  });
  return `${assignments}/${v.parse(v.string(), assignment["id"])}`;
}

/** Assigns a role, by name or by template ID. @returns the assignment's path */
export async function assignRole(tenant: TestTenant, principalId: string, role: string): Promise<string> {
  const roleDefinitionId = appOnlyRoles.find(({ displayName }) => displayName === role)?.templateId ?? role;
  const assignments = "/roleManagement/directory/roleAssignments";
  const assignment = await tenant.write("POST", assignments, {
    principalId,
    roleDefinitionId,
    directoryScopeId: "/",
  });
  return `${assignments}/${v.parse(v.string(), assignment["id"])}`;
}

function graphTime(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
