import { expect, test } from "vitest";
import { planProblem } from "../../../operations/preflight/planProblem.ts";

const nothing = "Nothing is created until this is right.";

test.each([
  ["`expectedTenantId` is …", "wrongTenant", nothing],
  ["`cloud` is …", "wrongCloud", nothing],
  [
    "Security & Compliance PowerShell needs Microsoft Exchange Online Protection, whose service principal is not in this tenant. Create it with `az ad sp create --id 00000007-0000-0ff1-ce00-000000000000`, …",
    "securityAndComplianceMissing",
    nothing,
  ],
  ["`roles[0]` must be …", "planRefused", "Correct it, and run `pulumi preview`."],
])("%s is %s", (message, cause, remedy) => {
  expect(planProblem(message)).toEqual({ kind: "obstacle", cause, message, remedy });
});
