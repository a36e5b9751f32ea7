import { describe, expect, test } from "vitest";

import { childTypes } from "../../common/typeTokens.ts";
import type { FailedOperation } from "../../components/replication.ts";
import { answerTo, type RetryMessage } from "../../components/retryAnswer.ts";

const notFound =
  "unexpected status 404 (404 Not Found) with error: Request_ResourceNotFound: Resource '0' does not exist";
const unanswered = "HTTP response was nil; connection may have been reset";
const halfWay = `1 error occurred:\n\t* creating urn:pulumi:s::p::t::n: 1 error occurred:\n\t* ${notFound}`;
const unknownId = "expected non-nil error with nil state during Create of urn:pulumi:s::p::t::n";

const waits = (seconds: string): RetryMessage => ({
  severity: "info",
  text: `Entra did not accept exchange-part yet. Trying again in ${seconds} s`,
  isPassing: true,
});
const adopts: RetryMessage = {
  severity: "warn",
  text: "exchange-part: the service principal was created, but not finished, and is adopted now. The deploying identity still owns it, and can add credentials to it. To end that, run `pulumi up --refresh` next.",
  isPassing: false,
};

const answer = (type: string, failedOperation: FailedOperation["failedOperation"], ...errors: string[]) =>
  answerTo({ name: "exchange-part", type, failedOperation, errors }, 0.5);

test("what passes by itself is tried again, and says when while it waits", () => {
  const { application } = childTypes;
  expect(answer(application, "create", notFound)).toEqual({ pause: 500, messages: [waits("0.5")] });
  expect(answer(application, "create", ...Array<string>(6).fill(notFound))).toEqual({
    pause: 15_000,
    messages: [waits("15.0")],
  });
});

test("what stands is explained, and what azuread says itself is not said twice", () => {
  expect(answer(childTypes.application, "update", "Authorization_RequestDenied")).toEqual({
    pause: undefined,
    messages: [
      {
        severity: "error",
        text: "exchange-part: the deploying identity may not write the application. Grant it the permission Application.ReadWrite.All of Microsoft Graph with admin consent. `exo-auth preflight` names everything that is missing. Then run `pulumi up`.",
        isPassing: false,
      },
    ],
  });
  expect(answer(childTypes.application, "update", "Request_BadRequest: Invalid value")).toEqual({
    pause: undefined,
    messages: [],
  });
});

describe("a service principal that azuread adopts after it was made keeps an owner", () => {
  test.each([halfWay, unknownId, unanswered])("said once: %j", (made) => {
    const { servicePrincipal } = childTypes;
    expect(answer(servicePrincipal, "create", made).messages).toEqual([waits("0.5"), adopts]);
    expect(answer(servicePrincipal, "create", made, notFound).messages).toEqual([waits("1.0"), adopts]);
    expect(answer(servicePrincipal, "create", made, notFound, made).messages).toEqual([waits("2.0")]);
  });

  test("not said of one that was refused, nor of updates, nor of other resources", () => {
    expect(answer(childTypes.servicePrincipal, "create", notFound, halfWay).messages).toEqual([waits("1.0")]);
    expect(answer(childTypes.servicePrincipal, "create", notFound).messages).toEqual([waits("0.5")]);
    expect(answer(childTypes.servicePrincipal, "update", unanswered).messages).toEqual([waits("0.5")]);
    expect(answer(childTypes.appRoleAssignment, "create", unanswered).messages).toEqual([waits("0.5")]);
  });
});
