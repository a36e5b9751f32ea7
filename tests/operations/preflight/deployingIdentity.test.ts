import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { deployingIdentity, providerEnvironment } from "../../../operations/preflight/deployingIdentity.ts";
import { readingIdentity } from "../../../operations/tenant/readingIdentity.ts";
import { environmentsOf } from "../../../stack/importedEnvironments.ts";
import type { PulumiOptions } from "../../../stack/pulumiCli.ts";
import { type CliFolder, makeCliFolder } from "../../cli/cliProcess.ts";

const arm = { ARM_TENANT_ID: "TENANT", ARM_CLIENT_ID: "CLIENT", ARM_CLIENT_SECRET: "a" };

test("the stack's azuread settings go before variables, as for the provider", async () => {
  const found = await identify(
    {
      "azuread:tenantId": { value: "OTHER", secret: false },
      "azuread:clientSecret": { value: "b", secret: true },
      "azuread:environment": { value: "usgovernmentl5", secret: false },
      "azuread:metadataHost": { value: "localhost:1", secret: false },
    },
    arm,
  );
  expect(found).toMatchObject({
    identity: { kind: "secret", tenantId: "OTHER", clientId: "CLIENT", clientSecret: "b" },
    cloud: "usGovernmentDod",
    env: { ARM_METADATA_HOSTNAME: "localhost:1" },
  });
});

test("a tenant of the settings is the Azure CLI's, too", async () => {
  expect((await identify({ "azuread:tenantId": { value: "OTHER" } }, {})).identity).toEqual({
    kind: "azureCli",
    tenantId: "OTHER",
  });
});

test("an empty setting is none", () => {
  expect(providerEnvironment({ "azuread:clientId": { value: "" } }, arm)).toEqual(arm);
});

test("AZURE_ variables are not the provider's", async () => {
  const azure = { AZURE_TENANT_ID: "TENANT", AZURE_CLIENT_ID: "CLIENT", AZURE_CLIENT_SECRET: "a" };
  expect((await identify({}, azure)).identity).toEqual({ kind: "azureCli" });
});

describe("who reads a stack's tenant", () => {
  const settings = {
    "azuread:tenantId": { value: "TENANT", secret: false },
    "azuread:clientId": { value: "DEPLOYER", secret: false },
    "azuread:clientSecret": { value: "b", secret: true },
    "azuread:metadataHost": { value: "localhost:1", secret: false },
  };

  const azure = { AZURE_TENANT_ID: "TENANT", AZURE_CLIENT_ID: "BACKEND", AZURE_CLIENT_SECRET: "a" };

  test("is the application of the ARM_ variables, and Pulumi is not asked", async () => {
    const folder = folderWith(settings, { ...azure, ...arm });
    expect(await readingIdentity(optionsFor(folder))).toMatchObject({
      identity: { kind: "secret", clientId: "CLIENT" },
      env: arm,
    });
    expect(() => calls(folder)).toThrow("ENOENT");
  });

  test("is never a state backend's, whose AZURE_ variables stand beside the stack's settings", async () => {
    expect((await readAs(settings, azure)).identity).toMatchObject({ clientId: "DEPLOYER" });
  });

  test("is the application of the AZURE_ variables where nothing else names one, hidden variables or not", async () => {
    expect((await readAs({}, azure)).identity).toMatchObject({ clientId: "BACKEND" });
    expect((await readAs({}, azure, "environment: [azure-oidc]\n")).identity).toMatchObject({
      clientId: "BACKEND",
    });
  });

  test("is whom the stack's settings name, where the environment names nobody", async () => {
    expect(await readAs(settings, {})).toMatchObject({
      identity: { kind: "secret", tenantId: "TENANT", clientId: "DEPLOYER", clientSecret: "b" },
      env: { ARM_METADATA_HOSTNAME: "localhost:1" },
    });
  });

  test("is not the Azure CLI's account where only Pulumi sees who deploys", async () => {
    await expect(readAs({}, {}, "environment: [azure-oidc]\n")).rejects.toThrow(
      "The stack's settings use Pulumi ESC (azure-oidc)",
    );
    expect((await readAs({}, {})).identity).toEqual({ kind: "azureCli" });
  });
});

test("the stack's key is not asked for where none of these settings is a secret", async () => {
  const open = { "azuread:clientId": { value: "C", secret: false }, "p:password": { secret: true } };
  const folder = folderWith(open, arm);
  await deployingIdentity(optionsFor(folder));
  expect(calls(folder)).not.toContain("--show-secrets");
  const closed = folderWith({ ...open, "azuread:clientSecret": { secret: true } }, arm);
  await deployingIdentity(optionsFor(closed));
  expect(calls(closed)).toContain("--show-secrets");
});

test("says which cloud it does not know", async () => {
  await expect(identify({}, { ARM_ENVIRONMENT: "mars" })).rejects.toThrow(
    'ARM_ENVIRONMENT, or azuread:environment, must be public, usgovernment, usgovernmentl5 or china, got "mars".',
  );
});

test("variables that only Pulumi sees are told of, where nothing else says who deploys", async () => {
  const settings = "environment:\n  - azure-oidc\nconfig: {}\n";
  await expect(identify({}, {}, settings)).rejects.toMatchObject({
    code: "EXO_AUTH_USAGE",
    message:
      "The stack's settings use Pulumi ESC (azure-oidc), and only Pulumi can see its variables. Nothing else names the deploying identity. Run this as `pulumi env run ENVIRONMENT -- exo-auth …`, or set the ARM_… variables. If the Azure CLI's account deploys, set ARM_USE_CLI=true.",
  });
  expect((await identify({}, arm, settings)).identity.kind).toBe("secret");
  expect((await identify({}, { ARM_USE_CLI: "true" }, settings)).identity.kind).toBe("azureCli");
});

test.each([
  ["", []],
  ["config: {}", []],
  ["environment: [a, org/b]", ["a", "org/b"]],
  ["environment:\n  - a\n  - b: { merge: false }", ["a", "b"]],
  [
    "environment:\n  imports: [a]\n  values: { environmentVariables: { ARM_CLIENT_ID: x } }",
    ["a", "inline values"],
  ],
])("the environments that %j imports", (text, names) => {
  expect(environmentsOf(text)).toEqual(names);
});

type Arguments = readonly [configuration: unknown, variables: NodeJS.ProcessEnv, settings?: string];

function identify(...given: Arguments): ReturnType<typeof deployingIdentity> {
  return deployingIdentity(optionsFor(folderWith(...given)));
}

function readAs(...given: Arguments): ReturnType<typeof readingIdentity> {
  return readingIdentity(optionsFor(folderWith(...given)));
}

function folderWith(...[configuration, variables, settings = ""]: Arguments): CliFolder {
  const folder = makeCliFolder({ stdout: configuration }, variables);
  writeFileSync(join(folder.path, "Pulumi.yaml"), "name: p\nruntime: nodejs\n");
  writeFileSync(join(folder.path, "Pulumi.contoso.yaml"), settings);
  return folder;
}

function calls({ path }: CliFolder): string {
  return readFileSync(join(path, "calls"), "utf8");
}

function optionsFor({ path, env }: CliFolder): PulumiOptions {
  return { stack: "org/p/contoso", cwd: path, env, signal: new AbortController().signal };
}
