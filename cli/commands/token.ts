import { usageFailure } from "../../common/failure.ts";
import type { TokenService } from "../../operations/token/issueToken.ts";
import { defineCommand, outcomeOf } from "../command.ts";
import { ExitCode } from "../exitCodes.ts";
import { oneComponent, signInSources, signsIn } from "../options.ts";

/** `exo-auth token`. */
export const tokenCommand = defineCommand({
  name: "token",
  summary: "print an access token for `-AccessToken` of PowerShell",
  description:
    "Signs in as the application and prints an access token for `Connect-ExchangeOnline -AccessToken` (module 3.1.0 or newer) or `Connect-IPPSSession -AccessToken` (3.8.0 or newer). So a job needs no certificate file. The token goes to standard output alone, and standard error says how long it is valid.\n\nAnyone who has the token can act as the application until it expires.\n\nWith --show-claims, the command instead prints what the federated token of this job says, and the federated credential that would trust it.",
  options: {
    component: oneComponent,
    service: {
      type: "string",
      value: "NAME",
      default: "exchange",
      description: "`exchange`, or `compliance` for Security & Compliance. Default: `exchange`",
    },
    ...signInSources,
    force: { type: "boolean", description: "print the token on a terminal" },
    "show-claims": {
      type: "boolean",
      description: "print `iss`, `sub` and `aud` of this job's federated token instead",
    },
  },
  examples: [
    {
      command: "exo-auth token --from-environment",
      meaning: "in a job, with the platform's federated token or another identity of the variables",
    },
    {
      command: "exo-auth token --service compliance --stack contoso",
      meaning: "with the certificate of a stack",
    },
    {
      command:
        "exo-auth token --key-vault-certificate https://contoso.vault.azure.net/certificates/exchange --app-id 4c0d0ce9-1f0f-4d8a-9d9b-3a8a6b7f7c11 --organization contoso.onmicrosoft.com",
      meaning: "with a key that never leaves Azure Key Vault",
    },
    { command: "exo-auth token --show-claims", meaning: "show what a federated credential must trust" },
  ],
  permissions: [...signsIn, "with --show-claims: nothing"],
  exitCodes: [ExitCode.Authentication],
  async run(values, context) {
    if (values["show-claims"]) {
      const { jobClaims } = await import("../../operations/token/jobClaims.ts");
      const { jobClaimsView } = await import("../views/tokenView.ts");
      return outcomeOf(ExitCode.Ok, await jobClaims(context.env), jobClaimsView);
    }
    if (values.json || values.output !== undefined) {
      throw usageFailure("The token goes to standard output alone. Leave out --json and --output.");
    }
    if (context.isTerminal && !values.force) {
      throw usageFailure(
        "The token would show on the terminal. Send it to a pipe or a variable, or use --force.",
      );
    }
    const { issueToken, tokenServices } = await import("../../operations/token/issueToken.ts");
    const service = Object.keys(tokenServices).find((name): name is TokenService => name === values.service);
    if (service === undefined) {
      throw usageFailure(`--service must be exchange or compliance, got "${values.service}".`);
    }
    const { soleTarget } = await import("../../operations/verification/target.ts");
    const { tokenNote } = await import("../views/tokenView.ts");
    const { token, ...issued } = await issueToken(await soleTarget(values, context), service, context);
    const { text: note, ...outcome } = outcomeOf(ExitCode.Ok, issued, (about) =>
      tokenNote(about, new Date()),
    );
    return { ...outcome, text: "", piped: `${token}\n`, note };
  },
});
