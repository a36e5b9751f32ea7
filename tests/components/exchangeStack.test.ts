import * as pulumi from "@pulumi/pulumi";
import { expect, it, vi } from "vitest";

import { readExchangeStack } from "../../components/index.ts";
import { optionalOutputNames, outputNames } from "../../components/outputs.ts";
import { valueOf } from "./mocks.ts";

const complete = Object.fromEntries(outputNames.map((name) => [name, `the ${name}`]));

/** Refers to a stack with these outputs, of which `privateKeyPem` is a secret. */
async function refer(outputs: Record<string, string>) {
  await pulumi.runtime.setMocks({
    newResource: ({ name }) => ({
      id: name,
      state: { name, outputs, secretOutputNames: ["privateKeyPem"] },
    }),
    call: () => ({}),
  });
  return readExchangeStack(new pulumi.StackReference("organization/exchange-auth/contoso"));
}

it("gives every output under its name, and keeps secrets secret", async () => {
  const exchange = await refer(complete);
  for (const name of outputNames) {
    expect(await valueOf<string | undefined>(exchange[name])).toBe(`the ${name}`);
    expect(await pulumi.isSecret(exchange[name])).toBe(name === "privateKeyPem");
  }
});

it("takes outputs as missing that a stack need not have", async () => {
  const {
    privateKeyPem: _key,
    pfxBase64: _pfx,
    pfxPassword: _password,
    connectIppsSession: _line,
    ...rest
  } = complete;
  const exchange = await refer(rest);
  expect(await valueOf(exchange.appId)).toBe("the appId");
  expect(await valueOf(exchange.privateKeyPem)).toBeUndefined();
});

it("takes all of a certificate as missing, for a stack whose jobs have none", async () => {
  const keyless = Object.entries(complete).filter(
    ([name]) => !optionalOutputNames.some((optional) => optional === name),
  );
  const exchange = await refer(Object.fromEntries(keyless));
  expect(await valueOf(exchange.appId)).toBe("the appId");
  expect(await valueOf(exchange.thumbprint)).toBeUndefined();
});

it.each([
  [
    Object.fromEntries(Object.entries(complete).filter(([name]) => !name.startsWith("certificateN"))),
    "lacks the outputs `certificateNotBefore`, `certificateNotAfter`. An older version of exchange-auth updated it last, or it does not export all outputs. Update it, and run `pulumi up` in it.",
  ],
  [
    Object.fromEntries(Object.entries(complete).filter(([name]) => name !== "appId")),
    "lacks the output `appId`. An older version of exchange-auth updated it last, or it does not export all outputs. Update it, and run `pulumi up` in it.",
  ],
])("fails with every output that the stack lacks", async (outputs, text) => {
  expect(await failureOf(await refer(outputs))).toBe(
    `The stack "organization/exchange-auth/contoso" has one problem, nothing was created:\n  - ${text}`,
  );
});

it("says where a stack has none of the outputs", async () => {
  expect(await failureOf(await refer({ other: "value" }))).toContain(
    "`connectExchangeOnline`. Check its name, and check that `pulumi up` has run in it.",
  );
});

/** The message with which the outputs fail. Pulumi rejects a promise that nobody else waits for. */
async function failureOf(exchange: Awaited<ReturnType<typeof refer>>): Promise<string> {
  const rejections: unknown[] = [];
  const listeners = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", (error) => rejections.push(error));
  try {
    exchange.appId.apply((value) => value);
    await vi.waitUntil(() => rejections.length > 0);
  } finally {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    process.removeAllListeners("unhandledRejection");
    for (const listener of listeners) process.on("unhandledRejection", listener);
  }
  return (rejections[0] as Error).message;
}
