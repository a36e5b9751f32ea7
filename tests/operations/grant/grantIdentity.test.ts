import { expect, test } from "vitest";
import { ownerOf, requireOtherIdentity } from "../../../operations/grant/grantIdentity.ts";

const subjects = [{ component: "exchange", appId: "4c0d0ce9-1f0f-4d8a-9d9b-3a8a6b7f7c11" }];

test("an owner is a component of a stack, and its service principal", () => {
  expect(
    ownerOf({ project: "p", stack: "s" }, { name: "exchange", servicePrincipalObjectId: "principal" }),
  ).toEqual({ project: "p", stack: "s", component: "exchange", servicePrincipalObjectId: "principal" });
});

test.each([undefined, "b7d9f9c2-4d1e-4b57-9a55-0d3f1f4d2f7e"])("%s may change roles", (clientId) => {
  expect(() => requireOtherIdentity({ subjects, clientId })).not.toThrow();
});

test("the job itself may not, in any spelling of its ID", () => {
  expect(() => requireOtherIdentity({ subjects, clientId: "4C0D0CE9-1F0F-4D8A-9D9B-3A8A6B7F7C11" })).toThrow(
    'The identity that changes Exchange is application 4c0d0ce9-1f0f-4d8a-9d9b-3a8a6b7f7c11, which is component "exchange" itself. Use a separate identity (docs/leastPrivilege.md).',
  );
});
