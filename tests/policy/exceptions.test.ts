import { expect, test } from "vitest";

import { exceptionFor } from "../../policy/exceptions.ts";
import type { KnownResource } from "../../policy/knownResource.ts";
import { policiesOf } from "../../policy/policies.ts";
import { rules } from "../../policy/rules.ts";
import { azuread } from "../../policy/types.ts";
import { servePack } from "./servedPack.ts";

const urn = "urn:pulumi:contoso::exchange-auth::azuread:index/application:Application::x";
const resource: KnownResource = { type: "t", name: "x", urn, properties: {}, protect: false };
const exception = (name: string, until: string) => ({ resource: name, reason: "moving", until });
const lastMoment = new Date("2026-12-31T23:59:59Z");

test("an exception holds by name or URN, to the end of its last day", () => {
  expect(exceptionFor(resource, [exception("x", "2026-12-31")], lastMoment)).toEqual({ isExcepted: true });
  expect(exceptionFor(resource, [exception(urn, "2026-12-31")], lastMoment)).toEqual({ isExcepted: true });
  const ended = exception("x", "2026-12-31");
  const nextDay = new Date("2027-01-01T00:00:00Z");
  expect(exceptionFor(resource, [ended], nextDay)).toEqual({ isExcepted: false, ended });
});

test("an exception of another resource is none, and the one that holds longest counts", () => {
  expect(exceptionFor(resource, [exception("xy", "2026-12-31")], lastMoment)).toEqual({ isExcepted: false });
  expect(exceptionFor(resource, [], lastMoment)).toEqual({ isExcepted: false });
  const both = [exception("x", "2026-01-01"), exception(urn, "2027-01-01")];
  expect(exceptionFor(resource, both, lastMoment)).toEqual({ isExcepted: true });
});

test("the served pack passes over what is excepted, and says why what is not any more was", async () => {
  const pack = await servePack();
  try {
    const secret = (name: string) =>
      pack.analyze({
        type: azuread("ApplicationPassword"),
        name,
        properties: {},
        provider: { tenantId: "t" },
      });
    await pack.configure({
      "no-client-secrets": {
        exceptions: [exception("old", "2020-02-29"), exception("kept", "2999-12-31")],
      },
    });
    expect(await secret("kept")).toEqual([]);
    expect(await secret("other")).toHaveLength(1);
    const [message = ""] = await secret("old");
    expect(message).toContain(
      'a federated identity credential. Its exception ended on 2020-02-29 ("moving"). Rule: no-client-secrets',
    );
  } finally {
    await pack.close();
  }
});

test("every rule can have exceptions, and none without its reason and its end", () => {
  for (const { configSchema } of policiesOf(rules))
    expect(configSchema?.properties["exceptions"]).toMatchObject({
      items: { required: ["resource", "reason", "until"], additionalProperties: false },
    });
});
