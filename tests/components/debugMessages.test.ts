import * as pulumi from "@pulumi/pulumi";
import { afterEach, expect, it } from "vitest";

import { keepAnswersOutOfDebugMessages } from "../../components/debugMessages.ts";
import { ExchangeAppOnlyAuth } from "../../components/index.ts";
import { mockPulumi } from "./mocks.ts";

const { debug } = pulumi.log;
afterEach(() => {
  Object.assign(pulumi.log, { debug });
});

it("leaves out the engine's answers, and nothing else, however often it is asked", async () => {
  const messages: string[] = [];
  Object.assign(pulumi.log, {
    debug: (message: string) => {
      messages.push(message);
      return Promise.resolve();
    },
  });
  keepAnswersOutOfDebugMessages();
  const { debug: once } = pulumi.log;
  keepAnswersOutOfDebugMessages();
  expect(pulumi.log.debug).toBe(once);

  await pulumi.log.debug(
    "RegisterResource RPC finished: resource:x[y]; err: null, resp: id,\n-----BEGIN PRIVATE KEY-----",
  );
  await pulumi.log.debug("Invoke RPC finished: tok=a:b:c; err: null, resp: secret");
  await pulumi.log.debug("RegisterResource RPC prepared: t=x, name=y");

  expect(messages).toEqual([
    "RegisterResource RPC finished: resource:x[y]; err: null, resp: (left out)",
    "Invoke RPC finished: tok=a:b:c; err: null, resp: (left out)",
    "RegisterResource RPC prepared: t=x, name=y",
  ]);
});

it("is what a component does", async () => {
  await mockPulumi();
  void new ExchangeAppOnlyAuth("exchange");
  await pulumi.runtime.disconnect();
  expect(pulumi.log.debug).not.toBe(debug);
});
