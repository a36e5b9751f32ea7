import { expect, test } from "vitest";
import { identityOfStack, isIdentitySetting } from "../../../operations/fleet/identityOfStack.ts";

const tenant = "a7d4f3c2-6b1e-4f58-9c0d-2e8b5a913f47";
const env = { ARM_CLIENT_ID: "of-the-environment", ARM_TENANT_ID: "elsewhere", PATH: "/bin" };

test("the stack's own reader, in the stack's tenant", () => {
  const settings = {
    "exchange-auth:expectedTenantId": { value: tenant },
    "pipeline:reader": { value: "reader" },
    "pipeline:deployer": { value: "deployer" },
  };
  expect(identityOfStack(settings, env, "reader")).toEqual({
    env: { ARM_CLIENT_ID: "reader", ARM_TENANT_ID: tenant, PATH: "/bin" },
    expectedTenantId: tenant,
    identities: ["deployer", "reader"],
  });
});

test("the stack's own deployer", () => {
  const settings = {
    "exchange-auth:expectedTenantId": { value: tenant },
    "pipeline:reader": { value: "reader" },
    "pipeline:deployer": { value: "deployer" },
  };
  expect(identityOfStack(settings, env, "deployer").env).toEqual({
    ARM_CLIENT_ID: "deployer",
    ARM_TENANT_ID: tenant,
    PATH: "/bin",
  });
});

test("one reader for all tenants", () => {
  const settings = { "infrastructure:expectedTenantId": { value: tenant.toUpperCase() } };
  expect(identityOfStack(settings, env, "reader")).toEqual({
    env: { ...env, ARM_TENANT_ID: tenant },
    expectedTenantId: tenant,
    identities: [],
  });
});

test("a stack that says nothing is read as the environment says", () => {
  expect(identityOfStack({}, env, "reader")).toEqual({ env, identities: [] });
});

test("an empty setting names no tenant, as in Pulumi.yaml of the root program", () => {
  const empty = { value: "" };
  expect(identityOfStack({ "exchange-auth:expectedTenantId": empty }, env, "reader")).toEqual({
    env,
    identities: [],
  });
  const settings = { "a:expectedTenantId": empty, "b:expectedTenantId": { value: tenant } };
  expect(identityOfStack(settings, env, "reader")).toMatchObject({ expectedTenantId: tenant });
});

test("a reader without a tenant is refused, since it would sign in anywhere", () => {
  expect(() => identityOfStack({ "pipeline:reader": { value: "reader" } }, env, "reader")).toThrow(
    "The stack's settings have `pipeline:reader`, but no `expectedTenantId`, so nobody knows where it signs in. Set it: pulumi config set expectedTenantId TENANT-ID.",
  );
});

test("several tenants are refused", () => {
  const settings = {
    "a:expectedTenantId": { value: "t1" },
    "b:expectedTenantId": { value: "t2" },
  };
  expect(() => identityOfStack(settings, env, "reader")).toThrow(
    `The stack's settings name several tenants: a:expectedTenantId is "t1", b:expectedTenantId is "t2". Keep one.`,
  );
});

test.each([
  ["pipeline:reader", true],
  ["pipeline:deployer", true],
  ["infrastructure:expectedTenantId", true],
  ["pipeline:owner", false],
  ["infrastructure:expectedTenantIds", false],
  ["expectedTenantId", false],
])("whether %s says who signs in, or where: %s", (key, says) => {
  expect(isIdentitySetting(key)).toBe(says);
});
