import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { SandboxError } from "../../../sandbox/sandboxError.ts";
import { readSeedFile } from "../../../sandbox/tenant/index.ts";
import { deployerForm, itemsOf, startTestTenant, tokenOf } from "./client.ts";

const contoso = {
  tenantId: "a7d4f3c2-6b1e-4f58-9c0d-2e8b5a913f47",
  initialDomain: "contoso.onmicrosoft.com",
  deployer: {
    clientId: "5f0c8e1b-94d7-4a26-b3e9-7c2d1f6a8b05",
    clientSecret: "s",
    permissions: ["Domain.Read.All"],
  },
  users: [
    {
      userPrincipalName: "reports@contoso.onmicrosoft.com",
      displayName: "Reports",
      roles: ["Global Reader"],
    },
  ],
};
const fabrikam = {
  tenantId: "0b1f7c52-3d6e-4a90-8f21-6c4d9e7a5b38",
  initialDomain: "fabrikam.onmicrosoft.us",
  deployer: { clientId: "c2e9a41d-58b7-4f03-9d6c-1a7e4b8f2c90", clientSecret: "s" },
};

test("tenants come from a file, and each has its own directory", async () => {
  const tenant = await startTestTenant({
    seeds: readSeedFile(fileWith(JSON.stringify([contoso, fabrikam]))),
  });
  const names = await Promise.all(
    [contoso, fabrikam].map(async (seed) => {
      const form = { ...deployerForm(seed), scope: `${tenant.server.url}/.default` };
      const token = await tokenOf(tenant.signIn(form, seed.initialDomain));
      return itemsOf(await tenant.graph("GET", "/v1.0/domains", undefined, token)).map((domain) => domain.id);
    }),
  );
  expect(names).toEqual([["contoso.onmicrosoft.com"], ["fabrikam.onmicrosoft.us"]]);
});

test("every problem of a file is named at once", () => {
  const file = fileWith(
    JSON.stringify([
      { ...contoso, tenantId: "contoso", cloud: "moon", displayName: 7, domains: "a", color: "blue" },
      {
        ...fabrikam,
        deployer: { ...fabrikam.deployer, permissions: ["Everything.All"], roles: ["Emperor"] },
      },
      { tenantId: fabrikam.tenantId },
    ]),
  );
  expect(() => readSeedFile(file)).toThrow(
    [
      `The seed file "${file}" cannot be used.`,
      '  0.tenantId: must be a GUID, got "contoso"',
      "  0.displayName: must be a text, got 7",
      '  0.cloud: must be one of global, usGovernmentHigh, usGovernmentDod, china, got "moon"',
      '  0.domains: must be a list, got "a"',
      "  0.color: is unknown",
      '  1.deployer.permissions.0: must be an application permission of Microsoft Graph, got "Everything.All"',
      '  1.deployer.roles.0: must be a built-in role, got "Emperor"',
      "  2.initialDomain: is missing",
      "  2.deployer: is missing",
    ].join("\n"),
  );
});

// Whoever gives the file is shown no stack trace of ours.
test("a file that is none is named", () => {
  const missing = join(tmpdir(), "tenant-seeds-that-are-not-there.json");
  expect(() => readSeedFile(missing)).toThrow(SandboxError);
  expect(() => readSeedFile(missing)).toThrow(`The seed file "${missing}" cannot be read: ENOENT`);
  const broken = fileWith("[");
  expect(() => readSeedFile(broken)).toThrow(`The seed file "${broken}" cannot be read: `);
  const empty = fileWith("[]");
  expect(() => readSeedFile(empty)).toThrow(SandboxError);
  expect(() => readSeedFile(empty)).toThrow(
    `The seed file "${empty}" cannot be used.\n  the list: must have at least one tenant`,
  );
});

function fileWith(content: string): string {
  const folder = mkdtempSync(join(tmpdir(), "tenant-seeds-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "seeds.json");
  writeFileSync(file, content);
  return file;
}
