import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";

import { childTypes, componentType } from "../../common/typeTokens.ts";
import { ExchangeAppOnlyAuth } from "../../components/index.ts";
import { mockPulumi } from "./mocks.ts";
import { rejectionsOf } from "./rejections.ts";

test("what the tenant refuses does not get into the state, where commands would take it for deployed", async () => {
  const registered = await mockPulumi();
  const errors = await rejectionsOf(() => new ExchangeAppOnlyAuth("exchange", { cloud: "china" }));
  expect(errors).toHaveLength(1);
  expect(errors[0]).toContain('`cloud` is "china"');
  expect(registered).toEqual([]);
});

test("a preview, which creates nothing, does not wait for the tenant where it needs no answer of it", async () => {
  const registered = await mockPulumi({}, {}, true);
  const errors = await rejectionsOf(() => new ExchangeAppOnlyAuth("exchange", { cloud: "china" }));
  expect(errors).toHaveLength(1);
  expect(errors[0]).toContain('`cloud` is "china"');
  const types = registered.map(({ type }) => type);
  expect(types).toContain(childTypes.privateKey);
  expect(types).not.toContain(childTypes.application);
});

test("a preview of wrong arguments plans nothing", async () => {
  const registered = await mockPulumi({}, {}, true);
  const errors = await rejectionsOf(() => new ExchangeAppOnlyAuth("exchange", { roles: ["Exchange"] }));
  expect(errors).toHaveLength(1);
  expect(registered).toEqual([]);
});

test("what it takes is registered as declared", async () => {
  const registered = await mockPulumi();
  const exchange = new ExchangeAppOnlyAuth("exchange", { roles: [] });
  await pulumi.runtime.disconnect();
  expect(exchange.connectIppsSession).toBeUndefined();
  expect(registered.find(({ type }) => type === componentType)?.inputs).toMatchObject({
    cloud: "global",
    roleTemplateIds: [],
  });
});
