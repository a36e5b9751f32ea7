import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { Analyzer, type PropertyDefinition } from "@pulumi/pulumi/provider/experimental/analyzer.js";
import { generateSchema, type PackageSpec } from "@pulumi/pulumi/provider/experimental/schema.js";

import packageJson from "../../package.json" with { type: "json" };
import { commentsOf } from "./declaredComments.ts";

const root = path.dirname(path.dirname(import.meta.dirname));
const main = path.join(root, "components/index.ts");

/** The component that other languages get. The certificates are its own matter. */
const component = "ExchangeAppOnlyAuth";

/** What the generated SDKs are called. Everything else follows from the package's name. */
const language: Readonly<Record<string, object>> = {
  nodejs: { packageName: "exchange-auth-sdk" },
  python: { packageName: "pulumi_exchange_auth", pyproject: { enabled: true } },
  go: {
    // Pulumi's own default for a package without a repository. Otherwise a program's imports would depend on where its
    // plugin comes from: a folder, or the tag of somebody's repository.
    importBasePath: "example.com/pulumi-exchange-auth/sdk/go/exchangeauth",
    modulePath: "example.com/pulumi-exchange-auth/sdk/go",
    rootPackageName: "exchangeauth",
    generateExtraInputTypes: true,
    generateResourceContainerTypes: true,
  },
  csharp: { namespaces: { "exchange-auth": "ExchangeAuth" } },
  java: {},
};

/**
 * plugin/schema.json: the component as Pulumi's other languages see it, by path below the repository.
 *
 * Pulumi's own analyzer reads the sources. It leaves out the descriptions of types and the `@default` of arguments.
 *
 * @throws where the analyzer does not understand a type
 */
export function pluginSchema(): ReadonlyMap<string, string> {
  const folder = mkdtempSync(path.join(tmpdir(), "exchange-auth-schema-"));
  try {
    const tsconfig = { extends: path.join(root, "tsconfig.json"), files: [main], include: [] };
    writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
    const analyzer = new Analyzer(folder, packageJson.name, { main }, new Set([component]));
    const { components, typeDefinitions } = analyzer.analyze();
    const { name, version, description } = packageJson;
    const schema = generateSchema(name, version, description, components, typeDefinitions, []);
    return new Map([["plugin/schema.json", `${JSON.stringify(enrich(schema), undefined, 2)}\n`]]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function enrich(schema: PackageSpec): object {
  const { name, version, description, resources, types } = schema;
  return {
    name,
    displayName: "Exchange app-only authentication",
    version,
    description,
    keywords: [...packageJson.keywords, "category/cloud", "kind/component"],
    license: packageJson.license,
    publisher: name,
    meta: { moduleFormat: "(.*)" },
    language: Object.fromEntries(
      Object.entries(language).map(([key, names]) => [key, { respectSchemaVersion: true, ...names }]),
    ),
    resources: mapValues(resources, ({ inputProperties, properties, ...resource }) => ({
      ...resource,
      description: paragraphs(resource.description),
      inputProperties: described(inputProperties, `${component}Args`),
      // None is marked as secret, because the SDKs of Java and C# would not compile: options of components lack
      // `additionalSecretOutputs` there (pulumi/pulumi#11545). The values themselves are secret in every language.
      properties: described(properties, component),
    })),
    types: mapValues(types, ({ properties, ...type }, token) => {
      const typeName = token.slice(token.lastIndexOf(":") + 1);
      return {
        ...type,
        description: paragraphs(commentsOf(typeName).description),
        ...(properties && { properties: described(properties, typeName) }),
      };
    }),
  };
}

/** The properties with their defaults in words: a default of the schema itself would be set by the SDKs. */
function described(properties: Readonly<Record<string, object>> = {}, owner: string): Record<string, object> {
  const { defaults } = commentsOf(owner);
  return mapValues(properties, (property, key) => {
    // `optional` is the analyzer's own: a schema lists what is required.
    const { optional: _, description, ...rest } = property as PropertyDefinition;
    const byDefault = defaults.get(key);
    return {
      ...rest,
      description: paragraphs(
        [description, byDefault && `Default: ${byDefault}`].filter(Boolean).join("\n\n"),
      ),
    };
  });
}

/** A comment without its line breaks, except between paragraphs and before items of a list. */
function paragraphs(text = ""): string {
  return text.replaceAll(/(?<!\n)\n(?!\n|- )/g, " ");
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From, key: string) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}
