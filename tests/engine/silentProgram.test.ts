import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { createSandbox, type Sandbox } from "../../sandbox/createSandbox.ts";
import { defaultSeed } from "../../sandbox/tenant/index.ts";
import { repository } from "../../sandbox/workspace/sandboxFolder.ts";
import type { StackWorkspace } from "../../sandbox/workspace/workspace.ts";
import { makeKeyPair } from "../components/mocks.ts";
import { destroy, directoryOf, stateOf, up, writes } from "./support.ts";

// A program that exports nothing of its component, so that nothing but the engine waits for what it looks up.
let sandbox: Sandbox;
let stack: StackWorkspace;

beforeAll(async () => {
  sandbox = await createSandbox();
  stack = await sandbox.stack("silent", { project: join(repository, "tests/fixtures/silent") });
});

afterAll(() => sandbox.close());

async function set(settings: Readonly<Record<string, string>>): Promise<void> {
  for (const [key, value] of Object.entries({
    arguments: "{}",
    knownCertificate: "",
    lateCertificate: "",
    secondCertificate: "",
    others: "[]",
    ...settings,
  }))
    await stack.run("pulumi", ["config", "set", "--", key, value]);
}

/** What a preview prints of errors, without the engine's own lines around it. */
async function previewErrors(): Promise<string> {
  const { stdout } = await stack.run("pulumi", ["preview", "--non-interactive", "--color=never"]);
  return /^Diagnostics:\n([^]*?)\n\n(?:Resources|Outputs):/m.exec(stdout)?.[1] ?? stdout;
}

const missing =
  "is not in this tenant. Check the value, and check that the azuread provider is signed in to the right tenant.";

test.each<[string, object, string]>([
  [
    "tenant",
    { expectedTenantId: "11111111-2222-4333-8444-555555555555" },
    `\`expectedTenantId\` is "11111111-2222-4333-8444-555555555555", but the azuread provider is signed in to "${defaultSeed.tenantId}" (contoso.onmicrosoft.com). Sign in to the expected tenant (\`az login --tenant\`, ARM_TENANT_ID or azuread:tenantId), or correct \`expectedTenantId\`.`,
  ],
  [
    "cloud",
    { cloud: "china" },
    '`cloud` is "china" (Microsoft 365 operated by 21Vianet), but the tenant\'s initial domain is "contoso.onmicrosoft.com". Set `cloud` to "global", or sign in to a tenant of Microsoft 365 operated by 21Vianet.',
  ],
  [
    "permission",
    { apiPermissions: [{ resource: "MicrosoftGraph", permission: "User.ReadAll" }] },
    'The permission "User.ReadAll" of the resource 00000003-0000-0000-c000-000000000000 is not an application permission of that resource in this tenant. Did you mean "User.Read.All"?',
  ],
  [
    "permission that is named twice, by value and by id",
    {
      apiPermissions: [
        { resource: "MicrosoftGraph", permission: "User.Read.All" },
        { resource: "MicrosoftGraph", permission: "df021288-bdef-4463-88db-98f22de89214" },
      ],
    },
    '`apiPermissions` names one permission of the resource 00000003-0000-0000-c000-000000000000 twice, as "User.Read.All" and "df021288-bdef-4463-88db-98f22de89214". Remove one.',
  ],
  [
    "user",
    { userRoleAssignments: [{ userPrincipalName: "nobody@contoso.com", role: "Global Reader" }] },
    `The user "nobody@contoso.com" of \`userRoleAssignments\` could not be looked up`,
  ],
])(
  "a wrong %s is named without a stack trace, in preview and up, and nothing is made",
  async (_, args, problem) => {
    await set({ arguments: JSON.stringify(args) });
    const before = await directoryOf(sandbox.tenant);
    sandbox.tenant.clearRequests();
    const title = 'ExchangeAppOnlyAuth "exchange" has one problem, nothing was created:';
    for (const text of [await previewErrors(), (await up(stack)).messages]) {
      expect(text).toContain(title);
      expect(text).toContain(`  - ${problem}`);
      expect(text.split(title)).toHaveLength(2);
      expect(text).not.toMatch(/^\s+at |unhandled|\.ts:\d/m);
    }
    expect(writes(sandbox.tenant)).toEqual([]);
    expect(await directoryOf(sandbox.tenant)).toEqual(before);
  },
);

test("a wrong client ID too", async () => {
  await set({ arguments: JSON.stringify({ existingClientId: "7c1a3f0e-7a5a-4a4c-9f0c-0d9f5a1f2b3c" }) });
  for (const text of [await previewErrors(), (await up(stack)).messages]) {
    expect(text).toContain(`"7c1a3f0e-7a5a-4a4c-9f0c-0d9f5a1f2b3c" ${missing}`);
    expect(text).not.toMatch(/^\s+at |unhandled|\.ts:\d/m);
  }
});

test("wrong arguments of several components are one error, and the right ones beside them are not made either", async () => {
  await set({ others: JSON.stringify([{ cloud: "mars", notes: 1 }, {}, { rolls: [] }]) });
  const error = [
    'ExchangeAppOnlyAuth "other0" has 2 problems, nothing was created:',
    "  - `notes` must be a text of at most 1024 characters, got 1. Shorten it.",
    '  - `cloud` must be a Microsoft cloud, got "mars". Use one of "global", "usGovernmentHigh", "usGovernmentDod", "china".',
    'ExchangeAppOnlyAuth "other2" has one problem, nothing was created:',
    '  - `rolls` is not an argument. Did you mean "roles"?',
  ];
  sandbox.tenant.clearRequests();
  const { exitCode, messages } = await up(stack);
  expect(exitCode).not.toBe(0);
  for (const text of [await previewErrors(), messages]) {
    const lines = text.split("\n").map((line) => line.trim().replace(/^error: /, ""));
    expect(lines.filter((line) => line !== "" && !line.startsWith("pulumi:"))).toEqual(
      error.map((line) => line.trim()),
    );
  }
  expect(writes(sandbox.tenant)).toEqual([]);
  const made = (await stateOf(stack)).filter(
    ({ urn, type }) => type.startsWith("azuread:") || urn.includes("::other"),
  );
  expect(made).toEqual([]);
});

const certificateProblem =
  "  - `certificate.generations[0].publicCertificate` must be a certificate, but cannot be read as one. Give its PEM, or the Base64 of the .cer file that Windows exports.";

test("a wrong certificate that comes as an Output is named once, in preview and up, before anything is made", async () => {
  // A right one beside it is compared with it, and must not tell the problem once more.
  await set({ knownCertificate: "rubbish", secondCertificate: makeKeyPair().certificatePem });
  sandbox.tenant.clearRequests();
  for (const text of [await previewErrors(), (await up(stack)).messages]) {
    expect(text).toContain(certificateProblem);
    expect(text.split("publicCertificate")).toHaveLength(2);
    expect(text).not.toMatch(/^\s+at |unhandled|\.ts:\d/m);
  }
  expect(writes(sandbox.tenant)).toEqual([]);
});

test("where it is known only during the update, nothing is made beside it either", async () => {
  await set({ lateCertificate: "rubbish", secondCertificate: makeKeyPair().certificatePem });
  expect(await previewErrors()).not.toContain("problem");
  sandbox.tenant.clearRequests();
  const { exitCode, messages } = await up(stack);
  expect(exitCode).not.toBe(0);
  expect(messages).toContain(certificateProblem);
  expect(messages.split("publicCertificate")).toHaveLength(2);
  expect(messages).not.toMatch(/^\s+at |unhandled|\.ts:\d/m);
  expect(writes(sandbox.tenant)).toEqual([]);
  const types = (await stateOf(stack)).map(({ type }) => type).filter((type) => type.startsWith("azuread:"));
  expect(types).toEqual([]);
});

test("the right one goes through, known or late", async () => {
  const { certificatePem } = makeKeyPair("/CN=vault", 30);
  await set({ lateCertificate: certificatePem });
  expect(await up(stack)).toMatchObject({ exitCode: 0, messages: "" });
  await set({ knownCertificate: certificatePem });
  expect(await up(stack)).toMatchObject({ exitCode: 0, messages: "" });
  await set({ knownCertificate: certificatePem, secondCertificate: certificatePem });
  expect((await up(stack)).messages).toContain(
    'The certificates of generations "1" and "2" have the same private key.',
  );
  expect(await destroy(stack)).toMatchObject({ exitCode: 0 });
});
