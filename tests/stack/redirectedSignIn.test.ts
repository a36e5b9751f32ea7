import { expect, test } from "vitest";
import { secretSignature, signatureKey } from "../../common/pulumiSignatures.ts";
import type { Configuration } from "../../stack/configuration.ts";
import { parseExport } from "../../stack/exportedState.ts";
import { providerSettings } from "../../stack/providerSettings.ts";
import { redirectedSignIn, type StateUse } from "../../stack/redirectedSignIn.ts";

test("a metadata host that only the state names is refused, in words that cannot act", () => {
  const failure = refused([provider("default_6_9_1", { metadataHost: "evil.invalid\u001B[2J" })]);
  expect(failure).toMatchObject({
    code: "EXO_AUTH_SIGN_IN_REDIRECTED",
    message: `The stack's state signs in elsewhere than the stack's settings and the environment say:
  - azuread provider "default_6_9_1": \`metadataHost\` is "evil.invalid\\u{1b}[2J"
Nothing was started. If you know the value and it is right, set \`azuread:metadataHost\` or ARM_METADATA_HOSTNAME. If it is out of date, run \`pulumi up\`. If you do not know it, do neither. Somebody who can write the state may have put it there to get your tokens. Restore an older state, and find out who wrote this one.`,
  });
});

test.each(["metadataHost", "msiEndpoint", "oidcRequestUrl"] as const)(
  "%s of a default or an explicit provider is refused, unless a setting or a variable says the same",
  (setting) => {
    for (const name of ["default", "default_6_9_1", "contoso", "defaults"]) {
      const resources = [provider(name, { [setting]: "there" })];
      const line = `  - azuread provider "${name}": \`${setting}\` is "there"`;
      expect(lines(resources)).toEqual([line]);
      expect(lines(resources, {}, {}, "update")).toEqual([line]);
      expect(lines(resources, { [`azuread:${setting}`]: { value: "there" } })).toEqual([]);
      expect(lines(resources, { [`azuread:${setting}`]: { value: "here" } })).toEqual([line]);
      for (const variable of providerSettings[setting]) {
        expect(lines(resources, {}, { [variable]: "there" })).toEqual([]);
        expect(lines(resources, {}, { [variable]: "here" })).toEqual([line]);
      }
    }
  },
);

test.each([
  "adoPipelineServiceConnectionId",
  "clientCertificatePath",
  "clientId",
  "clientIdFilePath",
  "clientSecretFilePath",
  "environment",
  "oidcTokenFilePath",
  "tenantId",
] as const)("%s may be an explicit provider's own; a default provider's is the settings'", (setting) => {
  const line = `  - azuread provider "default": \`${setting}\` is "other"`;
  const resources = [provider("default", { [setting]: "other" })];
  expect(lines([provider("contoso", { [setting]: "other" })])).toEqual([]);
  expect(lines(resources)).toEqual([line]);
  expect(lines(resources, { [`azuread:${setting}`]: { value: "other" } })).toEqual([]);
  expect(lines(resources, {}, { [providerSettings[setting][0]]: "other" })).toEqual([]);
  // An update takes the program's provider, and its settings may be newer than the state.
  expect(lines(resources, {}, {}, "update")).toEqual([]);
});

test("every provider and property is named at once, and each way once", () => {
  const failure = refused([
    provider("default", { metadataHost: "a.invalid", tenantId: "b" }),
    provider("contoso", { metadataHost: "c.invalid" }),
  ]);
  expect(failure?.message).toContain(
    `  - azuread provider "default": \`metadataHost\` is "a.invalid"
  - azuread provider "default": \`tenantId\` is "b"
  - azuread provider "contoso": \`metadataHost\` is "c.invalid"
`,
  );
  expect(failure?.message).toContain(
    "set `azuread:metadataHost` or ARM_METADATA_HOSTNAME, `azuread:tenantId` or ARM_TENANT_ID.",
  );
});

test("a property counts in the outputs alone, too", () => {
  expect(lines([{ ...provider("contoso", {}), outputs: { metadataHost: "evil.invalid" } }])).toEqual([
    '  - azuread provider "contoso": `metadataHost` is "evil.invalid"',
  ]);
});

test("a secret is compared and never shown", () => {
  const secret = { [signatureKey]: secretSignature, plaintext: '"client"' };
  const resources = [provider("default", { clientId: secret })];
  expect(lines(resources, {}, { ARM_CLIENT_ID: "client" })).toEqual([]);
  expect(lines(resources)).toEqual(['  - azuread provider "default": `clientId` is a secret']);
});

test("what is not a text is refused", () => {
  expect(lines([provider("contoso", { metadataHost: ["evil.invalid"] })])).toEqual([
    '  - azuread provider "contoso": `metadataHost` is not a text',
  ]);
});

test("a long value is clipped", () => {
  expect(lines([provider("contoso", { metadataHost: "e".repeat(1000) })])).toEqual([
    `  - azuread provider "contoso": \`metadataHost\` is "${"e".repeat(200)}"`,
  ]);
});

test("what Pulumi writes where nobody says anything is nobody's", () => {
  const untouched = {
    __internal: {},
    environment: "public",
    msiEndpoint: "",
    useMsi: "false",
    version: "6.9.1",
  };
  expect(lines([provider("default_6_9_1", untouched)])).toEqual([]);
});

test("providers of other packages are left alone", () => {
  const resource = provider("default", { metadataHost: "there" });
  expect(lines([{ ...resource, type: "pulumi:providers:azure-native" }])).toEqual([]);
});

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly inputs: Record<string, unknown>;
  readonly outputs: Record<string, unknown>;
}

function provider(name: string, properties: Record<string, unknown>): Resource {
  const type = "pulumi:providers:azuread";
  return {
    urn: `urn:pulumi:contoso::exchange-auth::${type}::${name}`,
    type,
    inputs: properties,
    outputs: properties,
  };
}

function refused(
  resources: readonly Resource[],
  settings: Configuration = {},
  env: NodeJS.ProcessEnv = {},
  use: StateUse = "refresh",
): ReturnType<typeof redirectedSignIn> {
  const exported = { deployment: { manifest: { time: "2026-11-27T00:00:00Z" }, resources } };
  return redirectedSignIn(parseExport(exported).resources, { use, settings, env });
}

/** What the failure lists. */
function lines(...given: Parameters<typeof refused>): readonly string[] {
  return (refused(...given)?.message ?? "").split("\n").filter((line) => line.startsWith("  - "));
}
