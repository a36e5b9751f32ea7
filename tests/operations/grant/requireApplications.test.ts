import { expect, test } from "vitest";

import { ApiError } from "../../../graph/apiError.ts";
import type { GraphClient } from "../../../graph/graphClient.ts";
import { SignInError } from "../../../graph/signInError.ts";
import { requireApplications } from "../../../operations/grant/requireApplications.ts";

const component = {
  name: "exchange",
  appId: "CLIENT",
  applicationObjectId: "OBJECT",
  tenantDomain: "contoso.onmicrosoft.com",
  isOwn: true,
};

/** Graph that answers each read like this. */
function answering(answer: (path: string) => unknown): GraphClient {
  return {
    read: async ({ path, finish }) => finish(answer(path), async () => undefined),
    batch: () => Promise.reject(new Error("not asked for")),
  };
}

function refusing(status: number): (path: string) => never {
  return (path) => {
    throw new ApiError({ service: "Microsoft Graph", request: `GET ${path}`, status, reason: "no" });
  };
}

const required = (answer: (path: string) => unknown): Promise<void> =>
  requireApplications([component], async () => ({ graph: answering(answer) }));

function deleted(path: string): unknown {
  return path.startsWith("/directory/deletedItems/") ? { id: "OBJECT" } : refusing(404)(path);
}

async function refused(): Promise<never> {
  throw new SignInError(new Error("AADSTS700016: no such application."));
}

test("a deleted application gets nothing, and the way back is named", async () => {
  await expect(required(deleted)).rejects.toMatchObject({
    code: "EXO_AUTH_APPLICATION_DELETED",
    message: expect.stringMatching(/^Application CLIENT .* was deleted, .* Nothing was changed\.$/),
  });
});

test.each([
  ["is there", { id: "OBJECT" }],
  ["is blocked", { id: "OBJECT", isDisabled: true }],
])("an application that %s gets its roles", async (_how, body) => {
  await expect(required(() => body)).resolves.toBeUndefined();
});

test("whoever may not read Entra, or sign in to Graph, looks at nothing; any other failure is told", async () => {
  await expect(required(refusing(403))).resolves.toBeUndefined();
  await expect(requireApplications([component], refused)).resolves.toBeUndefined();
  await expect(required(refusing(503))).rejects.toMatchObject({ failure: { status: 503 } });
  const fault = new TypeError("x is undefined");
  await expect(requireApplications([component], () => Promise.reject(fault))).rejects.toBe(fault);
});
