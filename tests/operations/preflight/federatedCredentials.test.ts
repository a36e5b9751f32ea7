import { expect, test } from "vitest";
import { childTypes } from "../../../common/typeTokens.ts";
import { ApiError } from "../../../graph/apiError.ts";
import type { GraphClient } from "../../../graph/graphClient.ts";
import {
  checkFederatedCredentials,
  plannedFederatedCredentials,
} from "../../../operations/preflight/federatedCredentials.ts";
import { planned } from "../repair/stack.ts";

const job = { applicationId: "a1", name: "job", issuer: "https://issuer.example", subject: "job" };

/** A tenant whose application has these; without any, one that refuses to say. */
function graphOf(found?: readonly object[]): GraphClient {
  const error = new ApiError({ service: "Graph", request: "GET /", status: 403, reason: "no" });
  return {
    read: () => Promise.reject(new Error("not asked for")),
    batch: async () =>
      ({ existing: found === undefined ? { ok: false, error } : { ok: true, value: found } }) as never,
  };
}

function existing(name: string, subject: string) {
  return { id: name, name, issuer: job.issuer, subject, audiences: [] };
}

test("finds what is added to an application that exists", () => {
  const { name: displayName, applicationId, ...trust } = job;
  const inputs = { ...trust, displayName, applicationId: `/applications/${applicationId}` };
  const step = (op: string, more: object = {}) => ({
    op,
    urn: "urn",
    newState: planned(childTypes.federatedCredential, "exchange-federated-job", { ...inputs, ...more }),
  });
  const unknown = { applicationId: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" };
  expect(plannedFederatedCredentials([step("create"), step("update"), step("create", unknown)])).toEqual([
    job,
  ]);
});

test("passes where Entra takes them", async () => {
  const others = Array.from({ length: 19 }, (_, index) => existing(`other-${index}`, `other-${index}`));
  expect(await checkFederatedCredentials(graphOf(others), [job])).toEqual([]);
  expect(await checkFederatedCredentials(graphOf(), [])).toEqual([]);
});

test("counts those that the tenant has", async () => {
  const others = Array.from({ length: 20 }, (_, index) => existing(`other-${index}`, `other-${index}`));
  expect(await checkFederatedCredentials(graphOf(others), [job])).toEqual([
    {
      kind: "obstacle",
      cause: "federatedCredentialsFull",
      message: "The application has 20 federated credentials, and the update adds 1. Entra takes 20.",
      remedy:
        "Remove some in an update of its own. `exo-auth audit` lists those that the stack does not declare.",
    },
  ]);
});

test.each([
  [existing("job", "other"), '"job", and Entra takes no second one of this name.'],
  [
    existing("old", "job"),
    '"old", and Entra takes no second one with this issuer and subject, such as "job".',
  ],
])("names one that is in the way: %j", async (one, words) => {
  expect(await checkFederatedCredentials(graphOf([one]), [job])).toEqual([
    {
      kind: "obstacle",
      cause: "federatedCredentialExists",
      message: `The application has the federated credential ${words}`,
      remedy:
        "If the program has renamed or replaced it, first remove it in an update of its own. If the state does not know it, run `exo-auth repair`.",
    },
  ]);
});

test("says what it could not read", async () => {
  expect(await checkFederatedCredentials(graphOf(undefined), [job])).toEqual([
    {
      kind: "warning",
      cause: "notChecked",
      message: "Not checked: which federated credentials the application has.",
      remedy: "The permission Application.Read.All allows this check.",
    },
  ]);
});
