import { readFileSync } from "node:fs";

import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";

import { childTypes } from "../../common/typeTokens.ts";
import { mockPulumi, type Registered, valueOf } from "./mocks.ts";
import { rejectionsOf } from "./rejections.ts";

const root = new URL("../../", import.meta.url);
const { config: declared } = parse(readFileSync(new URL("Pulumi.yaml", root), "utf8")) as {
  config: Record<string, { type: string; default: unknown; description: string }>;
};

beforeEach(() => {
  vi.resetModules();
});

/** Runs the root program on mocks, with the defaults that Pulumi.yaml declares and the given settings on top. */
async function run(settings: Record<string, string> = {}) {
  const defaults = Object.entries(declared).map(([key, { default: value }]) => [
    `exchange-auth:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const registered = await mockPulumi({}, { ...Object.fromEntries(defaults), ...settings });
  const { default: outputs } = await import("../../index.ts");
  await pulumi.runtime.disconnect();
  return { registered, outputs };
}

function inputs(registered: Registered[], type: string): Record<string, unknown>[] {
  return registered
    .filter((resource) => resource.type.endsWith(`:${type}`))
    .map((resource) => resource.inputs);
}

describe("the root program", () => {
  it("exports every output that the component has under its own name", async () => {
    const { outputs } = await run();
    expect(Object.keys(outputs).toSorted()).toEqual(
      [
        "appId",
        "applicationObjectId",
        "certificateNotAfter",
        "certificateNotBefore",
        "certificateDerBase64",
        "certificatePem",
        "certificateThumbprintSha256",
        "connectExchangeOnline",
        "pfxBase64",
        "pfxPassword",
        "privateKeyPem",
        "servicePrincipalObjectId",
        "tenantDomain",
        "tenantId",
        "thumbprint",
      ].toSorted(),
    );
    expect(await valueOf(outputs["appId"])).toBe("exchange-client-id");
  });

  it("exports the line for Security & Compliance where a role opens it", async () => {
    const { outputs } = await run({ "exchange-auth:roles": '["Global Reader"]' });
    expect(Object.keys(outputs)).toContain("connectIppsSession");
  });

  it("takes the declared empty defaults as not set", async () => {
    const { registered } = await run();
    expect(inputs(registered, "Application")[0]?.["displayName"]).toBe("Exchange Online automation");
    expect(inputs(registered, "DirectoryRoleAssignment")).toHaveLength(1);
    expect(inputs(registered, "SelfSignedCert")[0]?.["validityPeriodHours"]).toBe(8736);
  });

  it("passes every setting on", async () => {
    const { registered } = await run({
      "exchange-auth:displayName": "Jobs",
      "exchange-auth:roles": '["Global Administrator"]',
      "exchange-auth:allowGlobalAdministrator": "true",
      "exchange-auth:certificate": '{"rsaBits":3072,"generations":[{"name":"b"}]}',
    });
    expect(inputs(registered, "Application")[0]?.["displayName"]).toBe("Jobs");
    expect(inputs(registered, "DirectoryRoleAssignment")[0]?.["roleId"]).toBe(
      "62e90394-69f5-4237-9190-012177145e10",
    );
    expect(registered.find(({ type }) => type === childTypes.privateKey)).toMatchObject({
      name: "exchange-cert-b-key",
      inputs: { rsaBits: 3072 },
    });
  });

  it("refuses unknown keys in its namespace with the nearest one, and no others", async () => {
    const settings = {
      "exchange-auth:role": "[]",
      "exchange-auth:certficate": "{}",
      "azuread:tenantId": "x",
    };
    expect(await rejectionsOf(() => run(settings))).toEqual([
      [
        'ExchangeAppOnlyAuth "exchange" has 2 problems, nothing was created:',
        '  - `role` is not an argument. Did you mean "roles"?',
        '  - `certficate` is not an argument. Did you mean "certificate"?',
      ].join("\n"),
    ]);
  });
});

it('Pulumi.yaml declares each key with type, description and a default of "not set"', () => {
  expect(Object.entries(declared).map(([key, { type, default: value }]) => [key, type, value])).toEqual([
    ["displayName", "string", ""],
    ["notes", "string", ""],
    ["tags", "array", []],
    ["owners", "array", []],
    ["roles", "array", []],
    ["allowGlobalAdministrator", "boolean", false],
    ["timedRoles", "array", []],
    ["exchangeRoleGroups", "array", []],
    ["exchangeRoles", "array", []],
    ["complianceRoleGroups", "array", []],
    ["apiPermissions", "array", []],
    ["securityAndCompliance", "boolean", true],
    ["userRoleAssignments", "array", []],
    ["certificate", "object", {}],
    ["federatedCredentials", "array", []],
    ["existingClientId", "string", ""],
    ["cloud", "string", ""],
    ["expectedTenantId", "string", ""],
  ]);
  for (const { description } of Object.values(declared)) expect(description).toMatch(/^[A-Z].+\.$/);
});
