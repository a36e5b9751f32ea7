import { globSync, readFileSync } from "node:fs";
import path from "node:path";

import { expect, it } from "vitest";

import packageJson from "../../package.json" with { type: "json" };
import schema from "../../plugin/schema.json" with { type: "json" };
import { optionalOutputNames, outputNames } from "../../components/outputs.ts";
import { pluginSchema } from "../../scripts/pages/pluginSchema.ts";
import { root } from "../docs/pages.ts";
import { type Properties, type Property, schemaBreaks } from "./schemaBreaks.ts";

const component = schema.resources["exchange-auth:index:ExchangeAppOnlyAuth"];

/** `Input<string>`, `string` for a plain one, `?` for one that may be left out. */
function signatures(properties: Properties, required: readonly string[] = []): readonly string[] {
  return Object.entries(properties).map(
    ([name, property]) => `${name}${required.includes(name) ? "" : "?"}: ${signature(property)}`,
  );
}

function signature({ items, plain, type, $ref }: Property): string {
  const reference = $ref?.replace("#/types/exchange-auth:index:", "") ?? type;
  const written = items === undefined ? reference : `${signature(items)}[]`;
  return plain === true ? `${written}` : `Input<${written}>`;
}

const types = Object.entries(schema.types).map(([token, type]) => ({
  name: token.replace("exchange-auth:index:", ""),
  description: type.description,
  properties: "properties" in type ? (type.properties as Properties) : undefined,
  required: "required" in type ? type.required : [],
  values: "enum" in type ? type.enum.map(({ value }) => value) : undefined,
}));

it("is what Pulumi's analyzer reads in the sources, under the package's version", () => {
  const [[, generated] = []] = pluginSchema();
  expect(JSON.stringify(schema, undefined, 2)).toBe(generated?.trimEnd());
  expect(schema.version).toBe(packageJson.version);
});

it("makes only what lies within a child an Input", () => {
  expect(signatures(component.inputProperties, component.requiredInputs)).toMatchInlineSnapshot(`
    [
      "displayName?: Input<string>",
      "notes?: Input<string>",
      "tags?: Input<string>[]",
      "owners?: Input<string>[]",
      "roles?: string[]",
      "allowGlobalAdministrator?: boolean",
      "timedRoles?: TimedRole[]",
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
  const objects = types.flatMap(({ name, properties, required }) =>
    properties === undefined ? [] : [[name, signatures(properties, required)]],
  );
  expect(Object.fromEntries(objects)).toMatchInlineSnapshot(`
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
        "TimedRole": [
          "role: string",
          "until: string",
        ],
        "UserRoleAssignment": [
          "userPrincipalName: string",
          "role: string",
        ],
      }
    `);
});

it("offers constants as enums", () => {
  const enums = types.flatMap(({ name, values }) => (values === undefined ? [] : [[name, values]]));
  expect(Object.fromEntries(enums)).toEqual({
    Cloud: ["global", "usGovernmentHigh", "usGovernmentDod", "china"],
    PfxEncoding: ["compatible", "modern"],
  });
});

it("describes what is secret, marks nothing, and lets out what a stack may lack", () => {
  const outputs = Object.entries<Property>(component.properties);
  expect(outputs.map(([name]) => name)).toEqual([...outputNames]);
  expect(
    outputs.filter(([, { description }]) => description?.includes(" Secret.")).map(([name]) => name),
  ).toEqual(["privateKeyPem", "pfxBase64", "pfxPassword"]);
  // SDKs of Java and C# with marked outputs do not compile: pulumi/pulumi#11545.
  expect(outputs.filter(([, property]) => "secret" in property)).toEqual([]);
  const optional = outputNames.filter((name) => !component.required.includes(name));
  expect(optional.toSorted()).toEqual([...optionalOutputNames].toSorted());
});

it("describes everything, and names each default in words", () => {
  const properties = [
    ...Object.entries<Property>(component.inputProperties),
    ...Object.entries<Property>(component.properties),
    ...types.flatMap((type) => Object.entries(type.properties ?? {})),
  ];
  expect(properties.filter(([, { description }]) => (description ?? "").length < 10)).toEqual([]);
  expect(types.filter(({ description }) => (description ?? "").length < 10)).toEqual([]);
  expect(component.inputProperties.cloud.description).toMatch(/\n\nDefault: "global"\.$/);
  expect(component.inputProperties.notes.description).toMatch(/\n\nDefault: none\.$/);
  // A default of the schema itself would be set by the SDKs, also where an existing application forbids it.
  expect(JSON.stringify(schema)).not.toContain('"default"');
});

it("breaks no program that was written for a released version", () => {
  const folder = path.join(root, "tests/fixtures/releasedSchemas");
  for (const file of globSync("*.json", { cwd: folder })) {
    const released = JSON.parse(readFileSync(path.join(folder, file), "utf8")) as typeof schema;
    expect({ file, breaks: schemaBreaks(released, schema) }).toEqual({ file, breaks: [] });
  }
});
