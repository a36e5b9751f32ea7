import { usageFailure } from "../../common/failure.ts";
import { defineCommand, outcomeOf } from "../command.ts";
import type { BlockResult } from "../../operations/tenant/block.ts";
import type { RevokeResult } from "../../operations/rotation/revoke.ts";
import { ExitCode, signInExitCode } from "../exitCodes.ts";
import { oneComponent, rotationPermissions, signInWait } from "../options.ts";

/** `exo-auth revoke`. */
export const revokeCommand = defineCommand({
  name: "revoke",
  summary: "remove a certificate whose key was stolen",
  description:
    "Creates a new generation, signs in with it, makes it the current one, and removes the stolen one at once, without an overlap. It removes every credential with the certificate's bytes or key, on the application and the service principal, under any key ID. Then it signs in with the removed certificate until Entra refuses it three times in a row. Last, it names access that the stack does not declare, unless `.exo-auth` accepts it. If some of it is critical or high, the exit code is 7.\n\nWith --now, it removes the stolen certificate first, and jobs fail until they have the new one. --block stops every sign-in of the application.\n\nTokens that were issued before live on for 60 to 90 minutes, or longer if a token lifetime policy says so.",
  options: {
    component: oneComponent,
    generation: {
      type: "string",
      value: "NAME",
      description: "the generation whose key was stolen. Default: the current one",
    },
    now: { type: "boolean", description: "remove the stolen certificate before the new one exists" },
    block: {
      type: "boolean",
      description: "remove nothing, and block the application, so that nobody gets a token for it",
    },
    unblock: { type: "boolean", description: "lift the block" },
    yes: { type: "boolean", description: "confirm. Without it, the command does nothing" },
    wait: {
      ...signInWait,
      description:
        "how long to try the sign-in with the new certificate, and with the removed one until Entra refuses it. 0s: try only as often as needed. Default: 5m",
    },
  },
  examples: [
    { command: "exo-auth revoke --stack contoso --yes", meaning: "jobs go on with the new certificate" },
    { command: "exo-auth revoke --now --yes", meaning: "the attacker is active now" },
    {
      command: "exo-auth revoke --generation 1 --yes",
      meaning: "revoke another generation than the current one",
    },
    { command: "exo-auth revoke --block --yes", meaning: "stop every sign-in now, and decide later" },
  ],
  permissions: [
    ...rotationPermissions,
    "with --block or --unblock, only the stack's state, without its secrets",
    "in the tenant: Application.ReadWrite.All, to write the credentials and the block of application and service principal. To name other access, also what `exo-auth audit` reads. It signs in as the application itself",
  ],
  exitCodes: [ExitCode.Authentication, ExitCode.Resource, ExitCode.Policy, ExitCode.ExpectationFailed],
  async run(values, context) {
    const block = blockWanted(values);
    if (block !== undefined) {
      const { blockApplication } = await import("../../operations/tenant/block.ts");
      const { blockView } = await import("../views/blockView.ts");
      const blocked = await blockApplication({
        stack: values.stack,
        cwd: values.cwd,
        component: values.component,
        block,
        confirmed: values.yes === true,
        ...context,
      });
      return outcomeOf(blockExitCode(blocked, block), blocked, blockView);
    }
    const { revoke } = await import("../../operations/rotation/revoke.ts");
    const { revokeView } = await import("../views/revokeView.ts");
    const timers = await import("node:timers/promises");
    const { parseDuration } = await import("../../common/duration.ts");
    const { readBaseline } = await import("../../operations/findings/baseline.ts");
    const result = await revoke({
      // A file that cannot be read must not keep a stolen certificate where it is.
      baseline: await readBaseline(values.cwd).catch(() => []),
      stack: values.stack,
      cwd: values.cwd,
      component: values.component,
      generation: values.generation,
      immediately: values.now === true,
      confirmed: values.yes === true,
      waitMs: parseDuration("--wait", values.wait),
      pause: (milliseconds) => timers.setTimeout(milliseconds, undefined, { signal: context.signal }),
      ...context,
    });
    return outcomeOf(revokeExitCode(result), result, revokeView);
  },
});

/**
 * The exit code: that of the sign-in that failed; 7 where people have something to do, the removal is not proven, or a
 * thief may have left another way in.
 */
export function revokeExitCode({ verification, toDo, revoked, proof, left = [] }: RevokeResult): ExitCode {
  if (verification?.problem) return signInExitCode(verification.problem);
  const isProven =
    revoked && (proof?.answer ?? "refused") === "refused" && (proof?.hidden ?? []).length === 0;
  const isLeft = left.some(({ severity }) => severity === "critical" || severity === "high");
  return toDo === undefined && isProven && !isLeft ? ExitCode.Ok : ExitCode.ExpectationFailed;
}

/** The exit code: 4 where the tenant does not show what was asked for. */
export function blockExitCode({ blocked }: BlockResult, wanted: boolean): ExitCode {
  return blocked === wanted ? ExitCode.Ok : ExitCode.Resource;
}

/** Whether to block or to lift a block; undefined where neither is asked for. @throws Failure */
function blockWanted(values: {
  readonly block?: boolean | undefined;
  readonly unblock?: boolean | undefined;
  readonly now?: boolean | undefined;
  readonly generation?: string | undefined;
}): boolean | undefined {
  if (!values.block && !values.unblock) return undefined;
  if (values.block && values.unblock) throw usageFailure("Use either --block or --unblock, not both.");
  if (values.now || values.generation !== undefined) {
    throw usageFailure(
      `--${values.block ? "block" : "unblock"} is for the whole application and removes nothing, so you cannot combine it with --now or --generation. Run the command once for each.`,
    );
  }
  return values.block === true;
}
