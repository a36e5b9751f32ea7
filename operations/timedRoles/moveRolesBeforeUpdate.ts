import { importInto } from "../../stack/importFile.ts";
import { plannedUpdate } from "../../stack/plan.ts";
import { type PulumiOptions, runPulumi } from "../../stack/pulumiCli.ts";
import { beforeUpdate, type BeforeUpdateOptions } from "./beforeUpdate.ts";
import type { TimedRoleGrant } from "./grantTimedRoles.ts";

/**
 * As `beforeUpdate`, with what Pulumi plans for the program, and in Pulumi's state.
 *
 * @throws Failure, SignInError, ApiError
 */
export async function moveRolesBeforeUpdate(
  options: Omit<BeforeUpdateOptions, "plan" | "forget" | "importInto">,
  pulumi: PulumiOptions,
): Promise<readonly TimedRoleGrant[]> {
  options.progress("Asking Pulumi what the update would do …");
  return beforeUpdate({
    ...options,
    plan: await plannedUpdate(pulumi),
    forget: async (urn) => {
      await runPulumi(["state", "delete", urn, "--yes"], pulumi);
    },
    importInto: async (file) => importInto(file, pulumi),
  });
}
