import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import * as v from "valibot";
import { findRole, appOnlyRoles } from "../../../microsoft/roles.ts";
import { makeCertificate, type TestCertificate } from "../../graph/testCertificate.ts";

/** The tools whose applications tests/fixtures/foreignTools describes. */
export const foreignTools = ["pnp", "cliForMicrosoft365", "scubaGear", "cipp"] as const;

/** One of `foreignTools`. */
export type ForeignTool = (typeof foreignTools)[number];

const Fixture = v.object({
  source: v.string(),
  /** What the tool posts. */
  application: v.looseObject({ displayName: v.string() }),
  certificateDays: v.number(),
  permissions: v.array(v.string()),
  roles: v.array(v.string()),
  secret: v.boolean(),
});

/** Calls Microsoft Graph 1.0. */
export type CallGraph = (
  method: "GET" | "POST" | "PATCH",
  path: string,
  body?: unknown,
) => Promise<Record<string, unknown>>;

/** An application that somebody else made. */
export interface ForeignApplication extends TestCertificate {
  readonly displayName: string;
  readonly appId: string;
  readonly applicationObjectId: string;
  readonly servicePrincipalObjectId: string;
}

/** How a certificate differs from the one that a tool makes. */
export interface ForeignCertificate {
  /** Bits of its key. @default 2048 */
  readonly modulusLength?: number;
  /** The digest that it is signed with. @default "SHA-256" */
  readonly hash?: string;
  /** How long it is valid. @default as long as the tool's */
  readonly days?: number;
}

/**
 * Makes an application in a tenant as a tool does, after its source.
 *
 * @param certificate what is wrong with the certificate; by default nothing
 */
export async function createAsTool(
  tool: ForeignTool,
  graph: CallGraph,
  { days, ...weakness }: ForeignCertificate = {},
): Promise<ForeignApplication> {
  const url = new URL(`../../fixtures/foreignTools/${tool}.json`, import.meta.url);
  const { application, certificateDays, permissions, roles, secret } = v.parse(
    Fixture,
    JSON.parse(readFileSync(url, "utf8")),
  );
  const certificate = await makeCertificate(
    wholeSecond(Date.now() - 60_000),
    wholeSecond(Date.now() + (days ?? certificateDays) * 86_400_000),
    weakness,
  );
  const { raw, validFromDate, validToDate } = new X509Certificate(certificate.certificatePem);
  const created = await graph("POST", "/applications", {
    ...application,
    keyCredentials: [
      {
        type: "AsymmetricX509Cert",
        usage: "Verify",
        key: raw.toString("base64"),
        startDateTime: validFromDate.toISOString(),
        endDateTime: validToDate.toISOString(),
      },
    ],
  });
  const { id: principalId } = await graph("POST", "/servicePrincipals", { appId: created["appId"] });
  for (const permission of permissions) await grantPermission(graph, principalId, permission);
  for (const role of roles)
    await graph("POST", "/roleManagement/directory/roleAssignments", {
      principalId,
      roleDefinitionId: findRole(appOnlyRoles, role)?.templateId,
      directoryScopeId: "/",
    });
  if (secret)
    await graph("POST", `/applications/${String(created["id"])}/addPassword`, {
      passwordCredential: { displayName: "of the tool" },
    });
  return {
    ...certificate,
    displayName: application.displayName,
    appId: String(created["appId"]),
    applicationObjectId: String(created["id"]),
    servicePrincipalObjectId: String(principalId),
  };
}

const services: Readonly<Record<string, string>> = {
  "Exchange.ManageAsApp": "00000002-0000-0ff1-ce00-000000000000",
};
const Services = v.object({
  value: v.tuple([
    v.object({
      id: v.string(),
      appRoles: v.array(v.object({ id: v.string(), value: v.nullish(v.string()) })),
    }),
  ]),
});

/** Grants an application permission, of Exchange Online where it is Exchange.ManageAsApp and else of Microsoft Graph. */
export async function grantPermission(
  graph: CallGraph,
  principalId: unknown,
  permission: string,
): Promise<void> {
  const appId = services[permission] ?? "00000003-0000-0000-c000-000000000000";
  const found = await graph("GET", `/servicePrincipals?$filter=appId%20eq%20'${appId}'`);
  const [{ id: resourceId, appRoles }] = v.parse(Services, found).value;
  await graph("POST", `/servicePrincipals/${String(principalId)}/appRoleAssignments`, {
    principalId,
    resourceId,
    appRoleId: appRoles.find(({ value }) => value === permission)?.id,
  });
}

function wholeSecond(milliseconds: number): Date {
  return new Date(Math.floor(milliseconds / 1000) * 1000);
}
