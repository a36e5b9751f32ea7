import { expect, test } from "vitest";

import { readStackOutputs } from "../../../sandbox/commands/stackOutputs.ts";

const outputs = {
  appId: "app",
  thumbprint: "AB",
  tenantDomain: "contoso.onmicrosoft.com",
  tenantId: "tenant",
  servicePrincipalObjectId: "principal",
  certificatePem: "pem",
  certificateNotAfter: "2027-01-01T00:00:00Z",
  privateKeyPem: "key",
  connectExchangeOnline: "Connect-ExchangeOnline",
};

function stackWith(printed: object, exitCode = 0) {
  return { run: async () => ({ exitCode, stdout: JSON.stringify(printed), stderr: "no stack\n" }) };
}

test("reads what the program gave", async () => {
  expect(await readStackOutputs(stackWith({ ...outputs, other: 7 }))).toEqual(outputs);
});

test("says that a stack without a key proves nothing, and why outputs cannot be read", async () => {
  const { privateKeyPem: _, thumbprint: __, ...keyless } = outputs;
  await expect(readStackOutputs(stackWith(keyless))).rejects.toThrow(
    "The stack is deployed, but has no certificate with a private key, so there is nothing to sign in with here. To prove it, run `npm run sandbox -- pulumi config rm certificate`, and this again.",
  );
  await expect(readStackOutputs(stackWith({}, 1))).rejects.toThrow(
    "The stack's outputs cannot be read: no stack",
  );
});
