import { readStack, type StackComponent } from "../../stack/components.ts";
import { selectComponent } from "../../stack/selectComponents.ts";
import type { GenerationsConfiguration } from "./generationsConfiguration.ts";
import { runUpdate, type UpdateOptions } from "../../stack/update.ts";
import { timeInWords } from "../../common/time.ts";
import { withGenerations, writeSettingsFile } from "../../stack/settingsFile.ts";
import { requireKept } from "./replacedGenerations.ts";
import type { RotationSubject } from "./subject.ts";
import { updateFailure, updateObstacle } from "./updateProblem.ts";

/** A subject whose generations are in the stack's own settings file. */
export interface ConfiguredSubject extends RotationSubject {
  readonly configuration: GenerationsConfiguration;
}

/** How the update is run. */
export interface ApplyOptions extends UpdateOptions {
  /** What a failure means for those who sign in. @default that the current generation stays so */
  readonly consequence?: string;
  /** @default the time of this machine */
  readonly now?: () => Date;
}

/**
 * Lists the generations in the stack's settings and runs `pulumi up`.
 *
 * What was edited stays where the update fails, so that the next run goes on from it; but a new generation that a policy
 * refuses leaves the list again, or it would stand in every other update's way.
 *
 * @returns the component afterwards; undefined where the program does not take its generations from the settings, which
 *   are then as they were.
 * @throws Failure where the update fails, or replaced a certificate that was to stay
 */
export async function applyGenerations(
  { configuration, component, facts }: ConfiguredSubject,
  target: readonly string[],
  options: ApplyOptions,
): Promise<StackComponent | undefined> {
  const { file, key, declared } = configuration;
  const edited = await writeSettingsFile(file, withGenerations(file.text, key, target));
  const { ok, errors } = await runUpdate(options);
  const joining = target.filter((name) => !facts.deployed.some((one) => one.name === name));
  if (!ok) {
    const made = joining.filter((name) => !declared.some((one) => one.name === name && one.supplied));
    if (updateObstacle(errors) === "policy" && made.length > 0) {
      const rest = target.filter((name) => !made.includes(name));
      const names = rest.length > 0 ? rest : facts.declared;
      await writeSettingsFile(edited, withGenerations(edited.text, key, names));
    }
    throw updateFailure(errors, options.consequence ?? staysCurrent(facts));
  }
  const state = await readStack(options);
  const updated = selectComponent(state, component.name);
  requireKept(component.generations, updated.generations, options.now?.() ?? new Date());
  const missing = joining.some((name) => !updated.generations.some(({ generation }) => generation === name));
  if (!missing) return updated;
  await writeSettingsFile(edited, file.text);
  return undefined;
}

function staysCurrent({ deployed: [current] }: ConfiguredSubject["facts"]): string {
  return `Generation "${current.name}" stays the current one. It ends at ${timeInWords(current.notAfter)}.`;
}
