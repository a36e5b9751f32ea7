import { defineCommand, outcomeOf } from "../command.ts";
import type { VerifyResult } from "../../operations/verification/verify.ts";
import { ExitCode, signInExitCode } from "../exitCodes.ts";
import { component, opensState, signInSources } from "../options.ts";

/** `exo-auth verify`. */
export const verifyCommand = defineCommand({
  name: "verify",
  summary: "sign in with the certificate as a script would, and run a cmdlet",
  description:
    "Signs in with the current certificate of each component, checks that the token carries the permission and a role, runs a reading cmdlet in Exchange Online and, where a role opens it, in Security & Compliance. Explains what does not work. What was just created takes minutes to reach every server of Microsoft: it tries again with fresh tokens for as long as --wait says.",
  options: {
    component,
    wait: {
      type: "string",
      value: "TIME",
      default: "5m",
      description: "how long to try again; 0s: not at all; default: 5m",
    },
    ...signInSources,
  },
  examples: [
    { command: "exo-auth verify", meaning: "every component of the selected stack" },
    {
      command: "exo-auth verify --stack contoso --wait 0s --json",
      meaning: "one try, as JSON, for a monitor",
    },
    {
      command:
        "exo-auth verify --certificate-file exchange.pfx --password-file password.txt --app-id 4c0d0ce9-1f0f-4d8a-9d9b-3a8a6b7f7c11 --organization contoso.onmicrosoft.com",
      meaning: "on the machine that runs the jobs",
    },
  ],
  permissions: [opensState, "in the tenant none: it signs in as the application itself"],
  exitCodes: [ExitCode.Authentication, ExitCode.Resource],
  async run(values, context) {
    const { parseDuration } = await import("../../common/duration.ts");
    const waitMs = parseDuration("--wait", values.wait);
    const { verify } = await import("../../operations/verification/verify.ts");
    const { verifyView } = await import("../views/verifyView.ts");
    const { verificationTargets } = await import("../../operations/verification/target.ts");
    const result = await verify({ ...(await verificationTargets(values, context)), waitMs, ...context });
    return outcomeOf(verifyExitCode(result), result, verifyView);
  },
});

/** The exit code: that of the first sign-in that does not work. */
export function verifyExitCode({ verifications }: Pick<VerifyResult, "verifications">): ExitCode {
  return signInExitCode(verifications.find(({ problem }) => problem !== undefined)?.problem);
}
