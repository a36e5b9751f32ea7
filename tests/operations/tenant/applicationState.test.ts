import { expect, test } from "vitest";
import { ApiError } from "../../../graph/apiError.ts";
import type { GraphClient } from "../../../graph/graphClient.ts";
import { type ApplicationState, requireApplication } from "../../../operations/tenant/applicationState.ts";
import { applicationProblem, applicationState } from "../../../operations/tenant/applicationState.ts";

const application = {
  name: "exchange",
  appId: "CLIENT",
  applicationObjectId: "OBJECT",
  tenantDomain: "contoso.onmicrosoft.com",
  isOwn: true,
};

/** Graph with these bodies, or statuses, by path; what it does not have, it answers with a status. */
function graph(
  bodies: Readonly<Record<string, unknown>>,
  status = 404,
): Pick<GraphClient, "read"> & GraphClient {
  return {
    async read({ path, finish }) {
      const body = bodies[path.split("?")[0]!];
      if (body === undefined || typeof body === "number")
        throw new ApiError({
          service: "Microsoft Graph",
          request: `GET ${path}`,
          status: body ?? status,
          reason: "no",
        });
      return finish(body, async () => undefined);
    },
    batch: () => Promise.reject(new Error("not asked for")),
  };
}

const bodies: Readonly<Record<ApplicationState, Readonly<Record<string, unknown>>>> = {
  present: { "/applications/OBJECT": { id: "OBJECT", isDisabled: null } },
  blocked: { "/applications/OBJECT": { id: "OBJECT", isDisabled: true } },
  recycleBin: { "/directory/deletedItems/OBJECT": { id: "OBJECT" } },
  gone: {},
  absent: { "/directory/deletedItems/OBJECT": 403 },
};

test.each(Object.keys(bodies) as ApplicationState[])("%s", async (state) => {
  expect(await applicationState(graph(bodies[state]), application)).toBe(state);
});

test("a refusal to read is neither presence nor absence", async () => {
  await expect(applicationState(graph({}, 403), application)).rejects.toMatchObject({
    failure: { status: 403 },
  });
});

test.each([
  [
    "blocked",
    'Application CLIENT of component "exchange" is blocked: its `isDisabled` is true, so Entra gives nobody a token for it. Find out who blocked it, and why. They decide when the block ends (docs/recovery.md, "A key was stolen"). Nothing was changed.',
  ],
  [
    "recycleBin",
    'Application CLIENT of component "exchange" was deleted, and is in the recycle bin of contoso.onmicrosoft.com for 30 days. Restore object OBJECT first (docs/recovery.md, "The application was deleted"). After a refresh, `pulumi up` would create another application with another client ID. Nothing was changed.',
  ],
  [
    "gone",
    'Application CLIENT of component "exchange" was deleted for good: contoso.onmicrosoft.com has it neither among its applications nor in the recycle bin. To create a new one with another client ID, follow docs/recovery.md, "The application was deleted". Nothing was changed.',
  ],
  [
    "absent",
    'Application CLIENT of component "exchange" is not in contoso.onmicrosoft.com anymore. Whether it is in the recycle bin could not be read. See docs/recovery.md, "The application was deleted". Nothing was changed.',
  ],
] as const)("%s: one sentence, before anything is done", async (state, message) => {
  await expect(requireApplication(graph(bodies[state]), application)).rejects.toMatchObject({
    code: state === "blocked" ? "EXO_AUTH_APPLICATION_BLOCKED" : "EXO_AUTH_APPLICATION_DELETED",
    message,
  });
});

test("what a state does not say is not in the sentence", () => {
  const unnamed = { ...application, appId: undefined, tenantDomain: undefined, isOwn: false };
  expect(applicationProblem("recycleBin", unnamed)).toMatchObject({
    message:
      'Application with the object ID OBJECT of component "exchange" was deleted, and is in the recycle bin of the tenant for 30 days.',
    remedy: 'Restore object OBJECT first (docs/recovery.md, "The application was deleted").',
  });
});

test("no update is advised for an application that the stack did not make", () => {
  const found = { ...application, isOwn: false };
  expect(applicationProblem("recycleBin", found).remedy).toBe(
    'Restore object OBJECT first (docs/recovery.md, "The application was deleted").',
  );
  expect(applicationProblem("gone", found).remedy).toBe(
    "The stack did not create it, so an update cannot create it again. Get another application, and give its client ID as `existingClientId`.",
  );
});

test("what a command can work with is let through", async () => {
  expect(await requireApplication(graph(bodies.present), application)).toBe("present");
  expect(await requireApplication(graph(bodies.blocked), application, ["present", "blocked"])).toBe(
    "blocked",
  );
});
