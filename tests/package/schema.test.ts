import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { Analyzer, type PropertyDefinition } from "@pulumi/pulumi/provider/experimental/analyzer.js";
import { afterAll, expect, it } from "vitest";

/** Pulumi's analyzer reads a component's source as it would to offer it to programs in other languages. */
const folder = mkdtempSync(path.join(tmpdir(), "exchange-auth-schema-"));
const root = path.dirname(path.dirname(import.meta.dirname));
const main = path.join(root, "components/index.ts");
writeFileSync(
  path.join(folder, "tsconfig.json"),
  JSON.stringify({ extends: path.join(root, "tsconfig.json"), files: [main], include: [] }),
);
const { components, typeDefinitions } = new Analyzer(
  folder,
  "exchange-auth",
  { main },
  new Set(["ExchangeAppOnlyAuth"]),
).analyze();

afterAll(() => rmSync(folder, { recursive: true }));

/** `Input<string>`, `string` for a plain one, `?` for one that may be left out. */
function signatures(properties: Record<string, PropertyDefinition> = {}): readonly string[] {
  return Object.entries(properties).map(
    ([name, property]) => `${name}${property.optional ? "?" : ""}: ${signature(property)}`,
  );
}

function signature(property: PropertyDefinition): string {
  const { items, plain } = property;
  const reference =
    "$ref" in property ? property.$ref.replace("#/types/exchange-auth:index:", "") : property.type;
  const type = items === undefined ? reference : `${signature(items)}[]`;
  return plain ? type : `Input<${type}>`;
}

it("makes only what lies within a child an Input", () => {
  expect(signatures(components["ExchangeAppOnlyAuth"]?.inputs)).toMatchInlineSnapshot(`
    [
      "displayName?: Input<string>",
      "notes?: Input<string>",
      "tags?: Input<string>[]",
      "owners?: Input<string>[]",
      "roles?: string[]",
      "allowGlobalAdministrator?: boolean",
      "exchangeRoleGroups?: string[]",
      "exchangeRoles?: ExchangeRole[]",
      "complianceRoleGroups?: string[]",
      "apiPermissions?: ApiPermission[]",
      "securityAndCompliance?: boolean",
      "userRoleAssignments?: UserRoleAssignment[]",
      "certificate?: Certificate",
      "federatedCredentials?: FederatedCredential[]",
      "existingClientId?: string",
      "cloud?: Cloud",
      "expectedTenantId?: Input<string>",
    ]
  `);
});

it("describes the types that arguments consist of", () => {
  const types = Object.values(typeDefinitions).filter(({ properties }) => properties !== undefined);
  expect(Object.fromEntries(types.map(({ name, properties }) => [name, signatures(properties)])))
    .toMatchInlineSnapshot(`
      {
        "ApiPermission": [
          "resource: string",
          "permission: string",
        ],
        "AzurePipelinesConnection": [
          "issuer?: string",
          "subject?: string",
          "organization?: string",
          "organizationId?: string",
          "project?: string",
          "serviceConnection?: string",
        ],
        "Certificate": [
          "generations?: CertificateGeneration[]",
          "validityDays?: number",
          "rsaBits?: number",
          "commonName?: string",
          "pfxEncoding?: PfxEncoding",
        ],
        "CertificateGeneration": [
          "name: string",
          "publicCertificate?: Input<string>",
          "acceptedSha256?: string",
        ],
        "ExchangeRole": [
          "role: string",
          "recipientFilter?: string",
          "administrativeUnit?: Input<string>",
        ],
        "FederatedCredential": [
          "name: string",
          "issuer?: string",
          "subject?: string",
          "github?: GitHubJob",
          "azurePipelines?: AzurePipelinesConnection",
          "gitlab?: GitLabJob",
          "kubernetes?: KubernetesPod",
          "audience?: string",
          "allowWideSubject?: boolean",
        ],
        "GitHubJob": [
          "repository: string",
          "ownerId?: string",
          "repositoryId?: string",
          "immutable?: boolean",
          "subjectPrefix?: string",
          "environment?: string",
          "branch?: string",
          "tag?: string",
          "pullRequest?: boolean",
        ],
        "GitLabJob": [
          "project?: string",
          "projectId?: string",
          "branch?: string",
          "tag?: string",
          "environment?: string",
          "subjectClaims?: string[]",
          "host?: string",
        ],
        "KubernetesPod": [
          "issuer: string",
          "namespace: string",
          "serviceAccount: string",
        ],
        "UserRoleAssignment": [
          "userPrincipalName: string",
          "role: string",
        ],
      }
    `);
});

it("offers constants as enums", () => {
  const enums = Object.values(typeDefinitions).filter((type) => type.enum !== undefined);
  expect(Object.fromEntries(enums.map((type) => [type.name, type.enum?.map(({ value }) => value)])))
    .toMatchInlineSnapshot(`
      {
        "Cloud": [
          "global",
          "usGovernmentHigh",
          "usGovernmentDod",
          "china",
        ],
        "PfxEncoding": [
          "compatible",
          "modern",
        ],
      }
    `);
});

it("takes every output and its description from the source", () => {
  const outputs = Object.entries(components["ExchangeAppOnlyAuth"]?.outputs ?? {});
  expect(outputs.map(([name]) => name)).toContain("thumbprint");
  expect(outputs.filter(([, { description }]) => description === undefined)).toEqual([]);
});
