import { afterAll, beforeAll, expect, test } from "vitest";
import { deployerPermissions } from "../../../microsoft/identityPermissions.ts";
import { auditCommand } from "../../../cli/commands/audit.ts";
import type { Outcome } from "../../../cli/command.ts";
import { auditPermissions, optionalAuditPermissions } from "../../../operations/audit/rules.ts";
import { defaultSeed } from "../../../sandbox/tenant/index.ts";
import type { TestTenant } from "../../graph/testTenant.ts";
import { createApplication, startTestTenant } from "../../graph/testTenant.ts";
import { exportedComponent, exportOf } from "../../stack/exportedState.ts";
import { makeCliFolder } from "../cliProcess.ts";

/** May read all that an audit reads but applications. */
const blind = { clientId: "00000000-0000-4000-8000-000000000001", clientSecret: "of the blind" };
const readsAll = [...auditPermissions, ...optionalAuditPermissions];
let tenant: TestTenant;
let exported: unknown;

beforeAll(async () => {
  const deployer = {
    ...defaultSeed.deployer,
    permissions: [...new Set([...deployerPermissions, ...readsAll])],
  };
  const permissions = readsAll.filter((permission) => permission !== "Application.Read.All");
  const identities = [{ ...blind, name: "blind", permissions }];
  tenant = await startTestTenant({ seeds: [{ ...defaultSeed, deployer, identities }] });
  const { appId, applicationObjectId, servicePrincipalObjectId } = await createApplication(tenant);
  const ids = { appId, applicationObjectId, servicePrincipalObjectId, tenantId: tenant.seed.tenantId };
  const [component, ...rest] = exportedComponent("s", "p", "exchange");
  const inputs = { cloud: "global", signInAudience: "AzureADMyOrg", owners: [] };
  const record = { ...inputs, permissions: [], roleTemplateIds: [], userRoles: [] };
  const outputs = { ...component?.outputs, ...ids };
  exported = exportOf([{ ...component, inputs: record, outputs }, ...rest]);
});

afterAll(() => tenant.server.close());

test("--tenant-wide adds its part and changes neither findings nor exit code", async () => {
  const plain = await run({});
  expect(plain.exitCode).toBe(7);
  const { document, text, exitCode } = await run({ "tenant-wide": true });
  const { tenantWide, ...rest } = document;
  expect(rest).toEqual(plain.document);
  expect(exitCode).toBe(7);
  expect(tenantWide).toMatchObject([
    { holders: [{ right: "Global Administrator" }, {}, {}, {}], notRead: [] },
  ]);
  expect(text.startsWith(plain.text)).toBe(true);
  expect(text.slice(plain.text.length)).toContain("Global Administrator, which updates every application");
});

test("what --tenant-wide cannot read is named and changes no exit code", async () => {
  const { clientId: ARM_CLIENT_ID, clientSecret: ARM_CLIENT_SECRET } = blind;
  const identity = { ARM_CLIENT_ID, ARM_CLIENT_SECRET };
  const plain = await run({}, identity);
  const { document, text, exitCode } = await run({ "tenant-wide": true }, identity);
  expect([plain.exitCode, exitCode]).toEqual([3, 3]);
  expect(document["tenantWide"]).toMatchObject([
    {
      holders: [{ right: "Global Administrator", kind: "user", name: "Adele Admin" }],
      notRead: [{ what: "service principals with such permissions of Microsoft Graph" }],
    },
  ]);
  expect(text.slice(plain.text.length)).toContain(
    "not read: service principals with such permissions of Microsoft Graph: the identity lacks the application permission Application.Read.All of Microsoft Graph",
  );
});

function run(values: Record<string, boolean>, identity: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const { env, path } = makeCliFolder({ stdout: exported });
  const { tenantId, clientId, clientSecret } = { clientSecret: "", ...tenant.deployer };
  return auditCommand.run(
    { format: "text", "fail-on": "low", wait: "0s", cwd: path, ...values },
    {
      env: {
        ...env,
        ...tenant.env,
        ARM_TENANT_ID: tenantId,
        ARM_CLIENT_ID: clientId,
        ARM_CLIENT_SECRET: clientSecret,
        ...identity,
      },
      signal: new AbortController().signal,
      operand: "",
      progress: () => undefined,
      isTerminal: false,
    },
  );
}
