import { expect, test } from "vitest";

import { identitiesOf, identityOf } from "../../../sandbox/commands/identities.ts";
import { identityTable } from "../../../sandbox/commands/identityTable.ts";
import { SandboxError } from "../../../sandbox/sandboxError.ts";
import { defaultSeed, furtherIdentities } from "../../../sandbox/tenant/index.ts";

const seed = { ...defaultSeed, identities: furtherIdentities };

test("commands sign in as the operator, or as whom they name", () => {
  expect(identityOf(seed, undefined).name).toBe("operator");
  expect(identityOf(seed, "reader")).toEqual({
    name: "reader",
    tenantId: defaultSeed.tenantId,
    clientId: "8e2b7d94-f0c1-4a53-b6e8-19d5a3c7f042",
    clientSecret: "sandbox-reader-secret",
  });
  expect(identityOf(seed, "deployer")).toMatchObject(defaultSeed.deployer);
});

test("a tenant without an operator is worked on by its deployer", () => {
  expect(identityOf(defaultSeed, undefined)).toMatchObject(defaultSeed.deployer);
});

test("an identity that the tenant does not have is refused with those that it has", () => {
  expect(() => identityOf(seed, "auditor")).toThrow(
    new SandboxError('--as must be one of operator, deployer, reader, exchange, got "auditor".'),
  );
});

test("the table names every identity, the usual one first, and no secret", () => {
  const table = identityTable(seed);
  expect(table).toBe(
    [
      "  operator  c3a81f5d-2e64-4b97-8d1a-60f7b9e4c215  what every command of exo-auth needs",
      "  deployer  5f0c8e1b-94d7-4a26-b3e9-7c2d1f6a8b05  what a deployment needs, and no more",
      "  reader    8e2b7d94-f0c1-4a53-b6e8-19d5a3c7f042  what reading needs, such as exo-auth audit",
      "  exchange  2d6f9a13-7b84-4ce0-a5f1-e83c40b7d926  what exo-auth grant needs in Exchange, and nothing in Entra",
    ].join("\n"),
  );
  for (const { clientSecret } of identitiesOf(seed)) expect(table).not.toContain(clientSecret);
});
