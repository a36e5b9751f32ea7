import * as v from "valibot";
import { Failure } from "../common/failure.ts";
import { StateDocument } from "./blankState.ts";
import { readConfiguration } from "./configuration.ts";
import { exportDocument, parseExport } from "./exportedState.ts";
import { openPartOf } from "./openState.ts";
import { createdBy, plannedResources, wholeOf } from "./plan.ts";
import { type PulumiOptions, tryPulumi } from "./pulumiCli.ts";
import { requireOwnSignIn } from "./redirectedSignIn.ts";
import type { StackResource } from "./resource.ts";
import { openingFor, SealedValue } from "./sealedValues.ts";
import { inThrowAwayStack } from "./throwAwayStack.ts";

/**
 * What the next `pulumi up` would create, as `plannedResources`: without the stack's secrets, and with them only where the
 * program cannot be planned otherwise. Values that come of a secret are not known.
 *
 * @throws Failure where there is no plan
 */
export async function plannedWithoutSecrets(options: PulumiOptions): Promise<readonly StackResource[]> {
  try {
    return await plannedOnOpenPart(options);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return openingFor(error.message, async () => plannedResources(options));
  }
}

/** Plans the program on what of the state is whole without its secrets, and leaves out what the state knows. */
async function plannedOnOpenPart(options: PulumiOptions): Promise<readonly StackResource[]> {
  const [printed, settings] = await Promise.all([exportDocument(options), readConfiguration(options)]);
  const exported = parseExport(printed);
  // An empty state does not say what the stack is called.
  if (exported.resources.length === 0) return plannedResources(options);
  await requireOwnSignIn("update", exported, options);
  const secret = Object.keys(settings).find((key) => settings[key]?.secret === true);
  if (secret !== undefined) throw new SealedValue(secret, "the stack's settings");
  const args = ["preview", "--json"];
  const planned = await inThrowAwayStack(
    openPartOf(v.parse(StateDocument, printed)),
    options,
    async (own) => createdBy(wholeOf(args, await tryPulumi(args, own), options)),
    settings,
  );
  const known = new Set(exported.resources.filter((one) => !one.delete).map(({ urn }) => urn));
  return planned.filter(({ urn }) => !known.has(urn));
}
