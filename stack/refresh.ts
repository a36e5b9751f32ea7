import * as v from "valibot";
import { Failure } from "../common/failure.ts";
import { blankState, StateDocument } from "./blankState.ts";
import { exportDocument, parseExport } from "./exportedState.ts";
import { neverDeployed } from "./neverDeployed.ts";
import { errorsOf, type Plan, planRefresh } from "./plan.ts";
import { propertyKeys } from "./propertyPath.ts";
import type { PulumiOptions } from "./pulumiCli.ts";
import { requireOwnSignIn } from "./redirectedSignIn.ts";
import type { StackResource } from "./resource.ts";
import { hasSealed, openingFor } from "./sealedValues.ts";
import { inThrowAwayStack } from "./throwAwayStack.ts";
import { parseUrn, shortName } from "./urn.ts";

/** By resource, what of it nobody can tell without its secrets. */
type Untold = ReadonlyMap<string, readonly string[]>;

/**
 * Compares the state with what is there, and changes neither; resources that could not be read stand among the messages.
 *
 * Pulumi works on a copy of the state in which a text stands in the place of each secret, so it takes no passphrase and no
 * key service. Only where a secret decides does it work on the stack itself, with its secrets: where a provider signs in
 * with one, where a property that is a secret seems changed, or where a resource with secrets could not be read.
 *
 * @param exporting the state, for who reads more of it
 * @throws Failure where Pulumi cannot look at all, or where a provider's secret is needed and cannot be laid open
 */
export async function previewRefresh(
  options: PulumiOptions,
  exporting: Promise<unknown> = exportDocument(options),
): Promise<Plan> {
  const printed = await exporting;
  const { resources } = parseExport(printed);
  if (resources.length === 0) throw neverDeployed();
  await requireOwnSignIn("refresh", { resources }, options);
  const provider = sealedProvider(resources);
  if (provider !== undefined) return openingFor(provider, async () => planRefresh(options));
  const { document, blanked } = blankState(v.parse(StateDocument, printed));
  const plan = await inThrowAwayStack(document, options, planRefresh);
  const untold = untoldIn(plan, blanked);
  if (untold.size === 0) return plan;
  try {
    return await planRefresh(options);
  } catch (error) {
    if (error instanceof Failure) return withoutUntold(plan, untold, error.message);
    throw error;
  }
}

/** Why a provider of the state cannot sign in without the stack's secrets; undefined where each can. */
function sealedProvider(resources: readonly StackResource[]): string | undefined {
  const used = new Set(resources.map(({ provider = "" }) => provider.replace(/::[^:]*$/, "")));
  for (const { urn, type, inputs } of resources) {
    if (!type.startsWith("pulumi:providers:") || !used.has(urn)) continue;
    const secret = Object.keys(inputs).find((name) => hasSealed(inputs[name]));
    if (secret !== undefined)
      return `The provider "${parseUrn(urn).name}" of the package ${type.replace(/^.*:/, "")} signs in with \`${secret}\`, which is a secret in the state, so the comparison needs the stack's secrets.`;
  }
  return undefined;
}

/** Changes of secrets, which may be none, and failures that a blanked secret may have caused. */
function untoldIn(plan: Plan, blanked: ReadonlyMap<string, ReadonlySet<string>>): Untold {
  const failed = new Set(errorsOf(plan).map(({ urn }) => urn));
  return new Map(
    plan.steps.flatMap(({ urn, detailedDiff }): (readonly [string, readonly string[]])[] => {
      const secrets = blanked.get(urn);
      if (secrets === undefined) return [];
      const changed = Object.keys(detailedDiff ?? {}).filter((path) => isIn(secrets, path));
      return changed.length > 0 || failed.has(urn) ? [[urn, changed]] : [];
    }),
  );
}

function isIn(properties: ReadonlySet<string>, path: string): boolean {
  return properties.has(propertyKeys(path)[0] ?? "");
}

/** The plan with each change that nobody can tell as a read that failed. */
function withoutUntold({ steps, diagnostics, ...plan }: Plan, untold: Untold, why: string): Plan {
  const messages = [...untold]
    .filter(([, paths]) => paths.length > 0)
    .map(([urn, paths]) => ({
      urn,
      severity: "error",
      message: `${paths.map((path) => `\`${path}\``).join(", ")} of ${shortName(urn)} is a secret in the state, so the comparison needs the stack's secrets. ${why}`,
    }));
  return {
    ...plan,
    diagnostics: [...diagnostics, ...messages],
    steps: steps.map((step) => {
      const paths = untold.get(step.urn) ?? [];
      const diff = Object.entries(step.detailedDiff ?? {}).filter(([path]) => !paths.includes(path));
      return paths.length === 0 ? step : { ...step, detailedDiff: Object.fromEntries(diff) };
    }),
  };
}
