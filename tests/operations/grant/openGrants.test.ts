import { expect, test } from "vitest";
import { openGrants } from "../../../operations/grant/openGrants.ts";

const jobs = [
  { component: "reports", appId: "4c0d0ce9-1f0f-4d8a-9d9b-3a8a6b7f7c11" },
  { component: "sales", appId: "b7d9f9c2-4d1e-4b57-9a55-0d3f1f4d2f7e" },
];

/** Opens for the first component, as an application. */
function opened(ARM_CLIENT_ID: string) {
  const env = {
    ARM_CLIENT_ID,
    ARM_CLIENT_SECRET: "s",
    ARM_TENANT_ID: "a7d4f3c2-6b1e-4f58-9c0d-2e8b5a913f47",
  };
  return openGrants([{ cloud: "global" }], jobs, { env, signal: new AbortController().signal });
}

test.each(jobs)("the application of component $component gives no roles", async ({ component, appId }) => {
  await expect(opened(appId)).rejects.toThrow(
    `The identity that changes Exchange is application ${appId}, which is component "${component}" itself. Use a separate identity (docs/leastPrivilege.md).`,
  );
});

test("an application of its own gives roles", async () => {
  const clientId = "0b1c2d3e-4f50-4172-8394-a5b6c7d8e9f0";
  expect((await opened(clientId)).clientId).toBe(clientId);
});
