import { usageError } from "./cliError.ts";
import type { Command } from "./command.ts";
import { defineCommand } from "./command.ts";
import { auditCommand } from "./audit/auditCommand.ts";
import { driftCommand } from "./drift/driftCommand.ts";
import { ExitCode } from "./exitCodes.ts";
import { matrixCommand } from "./matrix/matrixCommand.ts";
import { component, readsState } from "./options.ts";
import { repairCommand } from "./repair/repairCommand.ts";
import { revokeCommand } from "./rotation/revokeCommand.ts";
import { rotateCommand } from "./rotation/rotateCommand.ts";

/** Every command. Each loads what it needs when it runs, so that help is quick. */
export const commands: readonly Command[] = [
  defineCommand({
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
      "certificate-file": {
        type: "string",
        value: "FILE",
        description: "a PEM or PFX file instead of a stack",
      },
      "password-file": {
        type: "string",
        value: "FILE",
        description: "the file's password; default: the variable EXO_AUTH_CERTIFICATE_PASSWORD",
      },
      "app-id": { type: "string", value: "ID", description: "with a file: the application's client id" },
      organization: {
        type: "string",
        value: "DOMAIN",
        description: "with a file: the tenant's initial domain",
      },
      "from-environment": { type: "boolean", description: "the identity in ARM_… or AZURE_… variables" },
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
    permissions: [readsState, "in the tenant none: it signs in as the application itself"],
    exitCodes: [ExitCode.Authentication, ExitCode.Resource],
    async run(values, context) {
      const { parseDuration } = await import("./duration.ts");
      const waitMs = parseDuration("--wait", values.wait);
      const [{ verify, verifyExitCode }, { verifyView }, { verificationTargets }] = await Promise.all([
        import("./commands/verify.ts"),
        import("./views/verifyView.ts"),
        import("./verification/target.ts"),
      ]);
      const result = await verify({ ...(await verificationTargets(values, context)), waitMs, ...context });
      return { exitCode: verifyExitCode(result), document: { ...result }, text: verifyView(result) };
    },
  }),
  defineCommand({
    name: "status",
    summary: "identities, roles, certificates and how long they last",
    description:
      "Shows what the stack's last update left behind: identities, roles, each certificate with the days it has left, and when the next rotation is due. Asks Pulumi only, not the tenant.",
    options: {
      component,
      "fail-if-expiring": {
        type: "string",
        value: "TIME",
        description: "exit 7 where a current certificate ends within this time, as in 30d",
      },
    },
    examples: [
      { command: "exo-auth status", meaning: "every component of the selected stack" },
      { command: "exo-auth status --stack contoso --fail-if-expiring 30d --quiet", meaning: "for a monitor" },
    ],
    permissions: [readsState],
    exitCodes: [ExitCode.ExpectationFailed],
    async run(values, context) {
      const [{ status }, { statusView }, { readStack, selectComponents }, { parseDuration }] =
        await Promise.all([
          import("./commands/status.ts"),
          import("./views/statusView.ts"),
          import("./stackState.ts"),
          import("./duration.ts"),
        ]);
      const limit = values["fail-if-expiring"];
      const within = limit === undefined ? undefined : parseDuration("--fail-if-expiring", limit);
      const state = await readStack(values.stack, { cwd: values.cwd, ...context });
      const result = status(state, selectComponents(state, values.component), new Date(), within);
      return {
        exitCode: result.expiring.length > 0 ? ExitCode.ExpectationFailed : ExitCode.Ok,
        document: { ...result },
        text: statusView(result),
      };
    },
  }),
  defineCommand({
    name: "preflight",
    summary: "find what would stop the next `pulumi up`, before anything is created",
    description:
      "Asks Pulumi for the plan and the tenant for the rest: is it the expected tenant, may the deploying identity do what the plan needs, does the app management policy that holds for the application, its own or the tenant's, allow the certificate, has the tenant Exchange Online, is there another application of the same name. Signs in as the azuread provider does, by ARM_… variables. Changes nothing.",
    options: {},
    examples: [
      { command: "exo-auth preflight --stack contoso", meaning: "before the first `pulumi up` for a tenant" },
      { command: "exo-auth preflight --json && pulumi up --yes", meaning: "in a pipeline" },
    ],
    permissions: [
      "those of the deploying identity: docs/deployer.md",
      "Policy.Read.All of Microsoft Graph, to read the app management policy, and CustomSecAttributeAssignment.Read.All where that excludes some identities; what could not be read is said",
    ],
    exitCodes: [ExitCode.Authentication, ExitCode.Resource, ExitCode.Policy],
    async run(values, context) {
      const [{ preflight, preflightExitCode }, { preflightView }, { readPlan }, { deployingIdentity }] =
        await Promise.all([
          import("./commands/preflight.ts"),
          import("./views/preflightView.ts"),
          import("./preflight/plan.ts"),
          import("./preflight/deployingIdentity.ts"),
        ]);
      context.progress("Asking Pulumi for the plan …");
      const result = await preflight({
        ...(await deployingIdentity(context.env)),
        readPlan: () => readPlan(values.stack, { cwd: values.cwd, ...context }),
        ...context,
      });
      return { exitCode: preflightExitCode(result), document: { ...result }, text: preflightView(result) };
    },
  }),
  defineCommand({
    name: "export",
    summary: "write the certificate into files that hosts and pipelines can use",
    description:
      "Writes the current certificate of a component as .cer, .pfx and .pem, and the password of the PFX, into a folder; secret files are readable by you only. Prints how to import them on Windows, use them on Linux, and put them into GitHub Actions, Azure Pipelines or Key Vault. With --stdout prints one of them for a pipe instead.",
    options: {
      component: {
        ...component,
        description: "which ExchangeAppOnlyAuth; needed where the stack has several",
      },
      out: { type: "string", value: "DIR", default: ".", description: "the folder; default: this one" },
      force: { type: "boolean", description: "replace files that are there; show a secret on a terminal" },
      stdout: {
        type: "string",
        value: "FORM",
        description: "print certificate, pem, pfx (as Base64) or pfx-password instead",
      },
    },
    examples: [
      { command: "exo-auth export --out certificates", meaning: "files for a host" },
      {
        command: "exo-auth export --stdout pfx | gh secret set EXCHANGE_PFX",
        meaning: "into a pipeline's secrets, past files, command lines and logs",
      },
    ],
    permissions: [readsState],
    exitCodes: [],
    async run(values, context) {
      if (values.stdout !== undefined && (values.json || values.output !== undefined)) {
        throw usageError("--stdout prints the certificate alone. Leave out --json and --output.");
      }
      const { readStack, selectComponent } = await import("./stackState.ts");
      const state = await readStack(values.stack, { cwd: values.cwd, ...context });
      const chosen = selectComponent(state, values.component);
      if (values.stdout !== undefined) {
        const { pipeCertificate } = await import("./export/certificateFiles.ts");
        const piped = pipeCertificate(chosen, values.stdout, context.isTerminal, values.force === true);
        return { exitCode: ExitCode.Ok, document: {}, text: "", piped };
      }
      const [{ exportCertificate }, { exportView }] = await Promise.all([
        import("./commands/export.ts"),
        import("./views/exportView.ts"),
      ]);
      const result = await exportCertificate(chosen, values.out, values.force === true);
      return { exitCode: ExitCode.Ok, document: { ...result }, text: exportView(result) };
    },
  }),
  driftCommand,
  auditCommand,
  rotateCommand,
  revokeCommand,
  repairCommand,
  matrixCommand,
];
