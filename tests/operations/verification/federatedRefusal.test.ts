import { expect, test } from "vitest";
import { SignInError } from "../../../graph/signInError.ts";
import { expiredToken, federatedRefusal } from "../../../operations/verification/federatedRefusal.ts";

const outside = "Client assertion is not within its valid time range.";

test.each([
  [
    "as Entra writes it",
    "Current time: 2026-11-23T08:00:00Z, expiry time of assertion 2026-11-23T07:05:00Z.",
  ],
  [
    "without a full stop",
    "Current time: 2026-11-23T08:00:00Z, expiry time of assertion 2026-11-23T07:05:00Z",
  ],
  [
    "without a comma",
    "Current time: 2026-11-23T08:00:00Z and expiry time of assertion 2026-11-23T07:05:00Z.",
  ],
])("the end of a token is read from the refusal %s", (_what, times) => {
  expect(expiredToken(new SignInError(new Error(`AADSTS700024: ${outside} ${times}`)))?.message).toBe(
    "The job's federated token ended at 2026-11-23 07:05 UTC, and Entra's clock reads 2026-11-23 08:00 UTC (AADSTS700024).",
  );
});

test("a token that ends now has ended", () => {
  const now = "2026-11-23T08:00:00Z";
  const text = `AADSTS700024: ${outside} Current time: ${now}, expiry time of assertion ${now}.`;
  expect(expiredToken(new SignInError(new Error(text)))?.message).toBe(
    "The job's federated token ended at 2026-11-23 08:00 UTC, and Entra's clock reads 2026-11-23 08:00 UTC (AADSTS700024).",
  );
});

test.each([
  ["AADSTS700024", outside],
  ["AADSTS700024", `${outside} Current time: 2026-11-23T08:00:00Z, and nothing else.`],
  ["AADSTS700024", `${outside} It is after the expiry time of assertion 2026-11-23T07:05:00Z.`],
  [
    "AADSTS7000999",
    "Of a new kind. Current time: 2026-11-23T08:00:00Z, expiry time of assertion 2026-11-23T07:05:00Z.",
  ],
])("no end is told of %s: %s", (number, text) => {
  expect(expiredToken(new SignInError(new Error(`${number}: ${text}`)))).toBeUndefined();
});

test("who has a subject of GitHub's first form is told where the repository's own form is", () => {
  const found = "repo:contoso/exchange:environment:production";
  const text = `AADSTS700213: No matching federated identity record found for presented assertion subject '${found}'.`;
  expect(federatedRefusal(new SignInError(new Error(text)), "global")?.remedy).toBe(
    `Set the federated credential's subject to exactly "${found}", including upper and lower case, if that pipeline may sign in. A credential with IDs (\`repo:OWNER@ID/REPOSITORY@ID\`) does not match this repository: \`gh api repos/contoso/exchange/actions/oidc/customization/sub\` shows its prefix.`,
  );
});
