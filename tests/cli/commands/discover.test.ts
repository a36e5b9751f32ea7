import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Outcome } from "../../../cli/command.ts";
import { discoverCommand } from "../../../cli/commands/discover.ts";
import { resultDocument } from "../../../cli/output.ts";
import { deployerPermissions } from "../../../microsoft/identityPermissions.ts";
import { auditPermissions, optionalAuditPermissions } from "../../../operations/audit/rules.ts";
import { defaultSeed } from "../../../sandbox/tenant/index.ts";
import type { TestApplication, TestTenant } from "../../graph/testTenant.ts";
import { createApplication, startTestTenant } from "../../graph/testTenant.ts";
import { schemaErrors } from "../schemaErrors.ts";

/** May read applications, and no roles. */
const half = { clientId: "00000000-0000-4000-8000-000000000001", clientSecret: "of the half" };
let tenant: TestTenant;
let application: TestApplication;

beforeAll(async () => {
  const permissions = [
    ...new Set([
      ...deployerPermissions,
      ...auditPermissions,
      ...optionalAuditPermissions,
      "AuditLog.Read.All",
    ]),
  ];
  const deployer = { ...defaultSeed.deployer, permissions };
  const identities = [{ ...half, name: "half", permissions: ["Application.Read.All"] }];
  tenant = await startTestTenant({ seeds: [{ ...defaultSeed, deployer, identities }] });
  application = await createApplication(tenant);
  await tenant.write("PATCH", `/applications/${application.applicationObjectId}`, {
    displayName: "Mail | jobs\u202e",
    signInAudience: "AzureADandPersonalMicrosoftAccount",
    publicClient: { redirectUris: ["http://localhost"] },
  });
});

afterAll(() => tenant.server.close());

test("text, for people: what it is, what is wrong with it, and how it would be declared", async () => {
  const { exitCode, text } = await run({});
  expect(exitCode).toBe(0);
  const plain = stripVTControlCharacters(text);
  expect(plain.split("\n")).toEqual([
    `Mail | jobs\\u{202e}, application ID ${application.appId}`,
    "- Exchange.ManageAsApp of Office 365 Exchange Online",
    "- role Exchange Administrator over the whole tenant",
    expect.stringMatching(
      new RegExp(`^✓ certificate ${application.keyId} on the application, SHA-256 [0-9A-F]{64}, until `),
    ),
    "✗ medium: Redirect URI of the application: http://localhost (publicClient)",
    "✗ high: Sign-in audience of the application: AzureADandPersonalMicrosoftAccount",
    `- the component would declare it with roles: Exchange Administrator; permissions: none; generations: adopted-${application.keyId.slice(0, 8)}; federated credentials: none; owners: none`,
    '- an update would remove from the application: redirect URIs (public client): ["http://localhost"]',
    '- an update would remove from the application: sign-in audience: "AzureADandPersonalMicrosoftAccount"',
    `- to adopt it: exo-auth adopt --app-id ${application.appId} --existing`,
    "",
    `1 application of tenant ${tenant.seed.tenantId} may act on Exchange.`,
    "- not read: role groups and roles of Exchange Online: the identity lacks the permission Exchange.ManageAsApp for Exchange Online",
    "- not read: role groups and roles of Security & Compliance: the identity lacks the permission Exchange.ManageAsApp for Security & Compliance",
    "",
  ]);
});

test("JSON, as its schema says, printed by --json and by --format json", async () => {
  const { document } = await run({});
  const { piped = "" } = await run({ format: "json" });
  expect(piped).toBe(resultDocument(discoverCommand, { document }));
  expect(schemaErrors("discover", piped)).toBeUndefined();
});

test("Markdown, where a name from the tenant stays text", async () => {
  const { piped = "" } = await run({ format: "markdown" });
  expect(piped).toContain(`| Mail \\| jobs\\\\u\\{202e\\} | \`${application.appId}\` | 1 | 0 |  |`);
  expect(piped).toContain("| medium | Redirect URI of the application (`EXO-AUDIT-REDIRECT-URI`) |");
});

test("a right that is missing is named, and the exit code is 3", async () => {
  const { exitCode, text } = await run({}, half);
  expect(exitCode).toBe(3);
  expect(text).toContain("lacks the application permission RoleManagement.Read.Directory of Microsoft Graph");
});

test("no other format", async () => {
  await expect(run({ format: "sarif" })).rejects.toMatchObject({
    code: "EXO_AUTH_USAGE",
    message: '--format must be one of text, json, markdown, got "sarif".',
  });
});

async function run(
  values: Readonly<Record<string, string | boolean>>,
  { clientId, clientSecret }: typeof half = { clientSecret: "", ...tenant.deployer },
): Promise<Outcome> {
  return discoverCommand.run(
    { format: "text", ...values },
    {
      env: {
        ...tenant.env,
        ARM_TENANT_ID: tenant.seed.tenantId,
        ARM_CLIENT_ID: clientId,
        ARM_CLIENT_SECRET: clientSecret,
      },
      signal: new AbortController().signal,
      operand: "",
      progress: () => undefined,
      isTerminal: false,
    },
  );
}
