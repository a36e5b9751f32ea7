import type { Command } from "../command.ts";
import { defineCommand } from "../command.ts";
import { ExitCode } from "../exitCodes.ts";

const component = {
  type: "string",
  value: "NAME",
  description: "the ExchangeAppOnlyAuth, where the stack has several",
} as const;

const wait = {
  type: "string",
  value: "TIME",
  default: "5m",
  description: "how long to try the new certificate's sign-in; 0s: once",
} as const;

const permissions = [
  "what `pulumi up` needs: the stack's state and secrets, and the deploying identity's permissions",
  "to the stack's settings file, to write",
  "in the tenant none of its own: it signs in as the application itself",
];

/** The commands that change the certificate. */
export const rotationCommands: readonly Command[] = [
  defineCommand({
    name: "rotate",
    summary: "take one safe step of a certificate's rotation, where one is due",
    description:
      "Run it by schedule, once a day. One step a run: add a generation when the current certificate is two thirds through its lifetime, spread over a fleet by the stack's name; sign in with it, run an Exchange cmdlet, and only then make it the current one; remove the old one when the overlap is over. Each step edits the stack's settings file and runs `pulumi up`, and leaves a valid certificate in place.",
    options: {
      component,
      "dry-run": { type: "boolean", description: "say what would happen and when, and change nothing" },
      "no-up": { type: "boolean", description: "edit the settings file only, for a change that is reviewed" },
      "renew-before": {
        type: "string",
        value: "TIME",
        description: "renew this long before the end, as in 60d; default: a third of the lifetime",
      },
      overlap: {
        type: "string",
        value: "TIME",
        default: "7d",
        description: "how long the old certificate stays, at least the hour that tokens live",
      },
      wait,
    },
    examples: [
      { command: "exo-auth rotate --stack contoso", meaning: "daily, in a pipeline" },
      { command: "exo-auth rotate --dry-run", meaning: "what is next, and when" },
      { command: "exo-auth rotate --no-up && git diff", meaning: "each step as a pull request" },
    ],
    permissions,
    exitCodes: [
      ExitCode.Authentication,
      ExitCode.Resource,
      ExitCode.Policy,
      ExitCode.ExpectationFailed,
    ],
    async run(values, context) {
      const [{ rotate, rotateExitCode }, { rotateView }, { parseDuration }, { usageError }] =
        await Promise.all([
          import("../commands/rotate.ts"),
          import("../views/rotateView.ts"),
          import("../duration.ts"),
          import("../cliError.ts"),
        ]);
      const renewBefore = values["renew-before"];
      const overlapMs = parseDuration("--overlap", values.overlap);
      if (overlapMs < 3_600_000) {
        throw usageError(
          `--overlap is shorter than the hour that tokens live, got "${values.overlap}". Give 1h or more.`,
        );
      }
      const result = await rotate({
        stack: values.stack,
        cwd: values.cwd,
        component: values.component,
        dryRun: values["dry-run"] === true,
        noUp: values["no-up"] === true,
        renewBeforeMs: renewBefore === undefined ? undefined : parseDuration("--renew-before", renewBefore),
        overlapMs,
        waitMs: parseDuration("--wait", values.wait),
        ...context,
      });
      return { exitCode: rotateExitCode(result), document: { ...result }, text: rotateView(result) };
    },
  }),
  defineCommand({
    name: "revoke",
    summary: "take a certificate off the application whose key was stolen",
    description:
      "Brings up a new generation, signs in with it, makes it the current one and removes the stolen one in one go, without an overlap. With --now the stolen one goes first, and jobs fail until they have the new one. Whatever it takes, tokens that were got before stay valid for up to an hour.",
    options: {
      component,
      generation: {
        type: "string",
        value: "NAME",
        description: "whose key was stolen; default: the current one",
      },
      now: { type: "boolean", description: "remove it before anything takes its place" },
      yes: { type: "boolean", description: "do it; without this, nothing is done" },
      wait,
    },
    examples: [
      { command: "exo-auth revoke --stack contoso --yes", meaning: "jobs go on, with the new certificate" },
      { command: "exo-auth revoke --now --yes", meaning: "the thief is inside at this moment" },
      { command: "exo-auth revoke --generation 1 --yes", meaning: "not the current one" },
    ],
    permissions,
    exitCodes: [
      ExitCode.Authentication,
      ExitCode.Resource,
      ExitCode.Policy,
      ExitCode.ExpectationFailed,
    ],
    async run(values, context) {
      const [{ revoke, revokeExitCode }, { revokeView }, { parseDuration }] = await Promise.all([
        import("../commands/revoke.ts"),
        import("../views/revokeView.ts"),
        import("../duration.ts"),
      ]);
      const result = await revoke({
        stack: values.stack,
        cwd: values.cwd,
        component: values.component,
        generation: values.generation,
        immediately: values.now === true,
        confirmed: values.yes === true,
        waitMs: parseDuration("--wait", values.wait),
        ...context,
      });
      return { exitCode: revokeExitCode(result), document: { ...result }, text: revokeView(result) };
    },
  }),
];
