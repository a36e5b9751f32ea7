import { expect, test } from "vitest";
import { failureExitCode } from "../../../cli/exitCodes.ts";
import { updateFailure, updateObstacle } from "../../../operations/rotation/updateProblem.ts";

// The engine's and the plugin's own words; those of policies are Microsoft Graph's.
const said = {
  killed: "Pulumi ended too early (killed).",
  locked:
    "the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.\n  file:///state/.pulumi/locks/organization/exchange-auth/contoso/a.json: created by root@host (pid 1) at 2026-11-23 09:00 UTC",
  policy:
    "ApplicationsClient.BaseClient.Patch(): unexpected status 400 with OData error: CredentialInvalidLifetimeAsPerAppPolicy: Credential lifetime exceeds the max value allowed as per assigned policy 'a1'.",
  protected:
    "resource \"urn:pulumi:contoso::p::t::n\" cannot be deleted\nbecause it is protected. To unprotect the resource, either remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`, or use the command:\n`pulumi state unprotect 'urn:pulumi:contoso::p::t::n'`",
  interrupted:
    'A resource with the ID "a/certificate/b" already exists - to be managed via Terraform this resource needs to be imported into the State. Please see the resource documentation for "azuread_application_certificate" for more information.',
  other: "getaddrinfo ENOTFOUND login.microsoftonline.com",
} as const;

test.each(Object.entries(said))("%s", (obstacle, errors) => {
  expect(updateObstacle(errors)).toBe(obstacle);
});

test("another update in Pulumi Cloud", () => {
  expect(updateObstacle("[409] Conflict: Another update is currently in progress.")).toBe("locked");
});

test("each says what Pulumi said, what it means for those who sign in, and what to do", () => {
  const stays = 'Generation "1" stays the current one.';
  expect(
    Object.entries(said).map(([obstacle, errors]) => {
      const failure = updateFailure(errors, stays);
      const { message } = failure;
      expect(message.startsWith(`\`pulumi up\` failed: ${errors}\n${stays} `)).toBe(true);
      return [obstacle, failureExitCode(failure), message.slice(message.indexOf(stays) + stays.length + 1)];
    }),
  ).toEqual([
    ["killed", 1, "Run `pulumi cancel`, which frees the stack. Then run this again."],
    [
      "locked",
      1,
      "Another update of this stack is running, or one was killed. Wait, and run this again. If no update is running, `pulumi cancel` frees the stack.",
    ],
    [
      "policy",
      5,
      "The tenant's app management policy refuses the new certificate. Set `certificate.validityDays` to what it allows (see `exo-auth preflight`), or ask for an exemption of this application.",
    ],
    [
      "protected",
      4,
      "Resources that must be removed are protected. Run the `pulumi state unprotect` commands above, and then this again.",
    ],
    [
      "interrupted",
      4,
      "An update that was killed left its credential on the application, and Pulumi does not know it. Run `exo-auth repair --yes`, which brings it into the state. Then run this again.",
    ],
    ["other", 1, "Correct the problem, and run this again."],
  ]);
});
