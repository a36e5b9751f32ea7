import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";

import { ExchangeAppOnlyAuth } from "../../components/index.ts";
import { mockPulumi, valueOf } from "./mocks.ts";
import { rejectionsOf } from "./rejections.ts";

const existingClientId = "7c1a3f0e-7a5a-4a4c-9f0c-0d9f5a1f2b3c";
const own = "exchange-auth exchange-auth/dev/exchange";

test.each([own, `${own} 0d5f2c4e-8a16-4b73-9e20-6f1c3d7a5b98`])(
  "refuses the component's own application, which an update would delete: %s",
  async (description) => {
    await mockPulumi({ descriptions: { [existingClientId]: description } });
    expect(await rejectionsOf(() => new ExchangeAppOnlyAuth("exchange", { existingClientId }))).toEqual([
      [
        'ExchangeAppOnlyAuth "exchange" has one problem, nothing was created:',
        `  - \`existingClientId\` "${existingClientId}" is the application that this component created itself, and the update would delete it. Remove \`existingClientId\`. If the state no longer has the application, change the description of its service principal, which says that the component created it.`,
      ].join("\n"),
    ]);
  },
);

test.each(["", "Mailbox jobs", `${own}2`, "exchange-auth exchange-auth/other/exchange"])(
  "takes an application that another made: %j",
  async (description) => {
    await mockPulumi({ descriptions: { [existingClientId]: description } });
    const exchange = new ExchangeAppOnlyAuth("exchange", { existingClientId });
    await pulumi.runtime.disconnect();
    expect(await valueOf(exchange.appId)).toBe(existingClientId);
  },
);
