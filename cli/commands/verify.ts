import { defineCommand, outcomeOf } from "../command.ts";
import type { VerifyResult } from "../../operations/verification/verify.ts";
import { ExitCode, signInExitCode } from "../exitCodes.ts";
import { component, signInSources, signsIn } from "../options.ts";

/** `exo-auth verify`. */
export const verifyCommand = defineCommand({
  name: "verify",
  summary: "sign in with the certificate as a job does, and run a cmdlet",
  description:
    "Signs in with the current certificate of each component, checks that the token has the permission and a role, and runs a cmdlet that only reads in Exchange Online. If a role opens Security & Compliance, it also runs one there. With roles of Exchange itself, it runs a cmdlet that they have, and checks that Exchange refuses one that they do not have. That one names an object that does not exist, so it cannot change anything. It explains what does not work.\n\nA new object needs minutes to reach every server of Microsoft. So the command tries again with new tokens until --wait runs out.",
  options: {
    component,
    wait: {
      type: "string",
      value: "TIME",
      default: "5m",
      description: "how long to try again. 0s: try once. Default: 5m",
    },
    ...signInSources,
    "exchange-online-only": {
      type: "boolean",
      description: "do not try Security & Compliance, as for a stack with `securityAndCompliance: false`",
    },
  },
  examples: [
    { command: "exo-auth verify", meaning: "every component of the selected stack" },
    {
      command: "exo-auth verify --stack contoso --wait 0s --json",
      meaning: "try once and print JSON, for a monitor",
    },
    {
      command:
        "exo-auth verify --certificate-file exchange.pfx --password-file password.txt --app-id 4c0d0ce9-1f0f-4d8a-9d9b-3a8a6b7f7c11 --organization contoso.onmicrosoft.com",
      meaning: "on the machine that runs the jobs",
    },
  ],
  permissions: signsIn,
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
