import * as v from "valibot";
import { expect, test } from "vitest";

import type { ExchangeClient } from "../../graph/exchange.ts";
import { createRoleReader } from "../../graph/exchangeRoles.ts";

/** Reads assignments of which Exchange shows these properties. */
function reading(shown: object) {
  const client: ExchangeClient = {
    invoke: async (_cmdlet, _parameters, row) => [v.parse(row, { Name: "n", Role: "r", ...shown })],
  };
  return createRoleReader(client).allAssignments();
}

test.each([
  [{ Enabled: false }, true],
  [{ Enabled: "False" }, true],
  [{ Enabled: true }, false],
  [{ Enabled: null }, false],
  [{ Enabled: { value: 0 } }, false],
  [{}, false],
])("an assignment with %j is disabled: %s", async (shown, isDisabled) => {
  expect(await reading(shown)).toMatchObject([{ name: "n", role: "r", isDisabled }]);
});
