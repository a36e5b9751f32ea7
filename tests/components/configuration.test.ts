import { expect, test } from "vitest";

import { configuredArguments } from "../../components/configuration.ts";
import { mockPulumi } from "./mocks.ts";

async function read(config: Record<string, string>): Promise<unknown> {
  await mockPulumi({}, config);
  return configuredArguments();
}

test("takes what is empty for not set, and what is null, false or a list with something in it for set", async () => {
  expect(
    await read({
      "exchange-auth:displayName": "",
      "exchange-auth:roles": "[]",
      "exchange-auth:certificate": "{}",
      "exchange-auth:allowGlobalAdministrator": "false",
      "exchange-auth:owners": "null",
      "exchange-auth:tags": '["a"]',
    }),
  ).toEqual({ allowGlobalAdministrator: false, owners: null, tags: ["a"] });
});

test("shows of a setting that the component does not have that it is there, and no more", async () => {
  expect(await read({ "exchange-auth:password": "secret" })).toEqual({ password: true });
});

test("reads texts as they are, and the project's own namespace alone", async () => {
  expect(
    await read({
      "exchange-auth:displayName": "7",
      "exchange-auth:cloud": "global",
      "exchange-auth:roles": '["Global Reader"]',
      "exchange-auth2:notes": "x",
      "other:notes": "x",
    }),
  ).toEqual({ displayName: "7", cloud: "global", roles: ["Global Reader"] });
});

test("takes the one role none for no role, and nothing like it", async () => {
  expect(await read({ "exchange-auth:roles": '["none"]' })).toEqual({ roles: [] });
  expect(await read({ "exchange-auth:roles": '["none", "Global Reader"]' })).toEqual({
    roles: ["none", "Global Reader"],
  });
});
