import { Failure } from "../common/failure.ts";
import type { IncompleteComponent, PublicGeneration, StackComponent, StackState } from "./components.ts";
import { neverDeployed } from "./neverDeployed.ts";

/**
 * The components that a command is for.
 *
 * @throws Failure where there is none, none of that name, or an update has not finished one of them
 */
export function selectComponents<G extends PublicGeneration>(
  state: StackState<G>,
  wanted: string | undefined,
): readonly [StackComponent<G>, ...StackComponent<G>[]] {
  const { selected, incomplete } = findComponents(state, wanted);
  if (incomplete[0]) throw incomplete[0].failure;
  const [first, ...others] = selected;
  if (first) return [first, ...others];
  throw noComponent(state, wanted);
}

/**
 * As `selectComponents`, for a command that goes on with the others where an update has not finished one.
 *
 * @throws Failure where there is none, or none of that name
 */
export function findComponents<G extends PublicGeneration>(
  state: StackState<G>,
  wanted: string | undefined,
): { readonly selected: readonly StackComponent<G>[]; readonly incomplete: readonly IncompleteComponent[] } {
  const isWanted = ({ name }: { readonly name: string }): boolean => wanted === undefined || name === wanted;
  const [selected, incomplete] = [state.components.filter(isWanted), state.incomplete.filter(isWanted)];
  if (selected.length + incomplete.length > 0) return { selected, incomplete };
  throw noComponent(state, wanted);
}

function noComponent(
  { components, incomplete, project, stack }: StackState<PublicGeneration>,
  wanted?: string,
): Failure {
  if (stack === "") return neverDeployed();
  const all = [...components, ...incomplete];
  const names = all.map(({ name }) => `"${name}"`).join(", ");
  return new Failure(
    "EXO_AUTH_NO_COMPONENT",
    all.length === 0
      ? `Stack "${stack}" of project "${project}" has no ExchangeAppOnlyAuth. Run \`pulumi up\`, or choose another stack with --stack.`
      : `--component must name a component of the stack, got "${wanted}". It has ${names}.`,
  );
}

/** The one component that a command which writes is for. @throws Failure where there are several, and none is named */
export function selectComponent<G extends PublicGeneration>(
  state: StackState<G>,
  wanted: string | undefined,
): StackComponent<G> {
  const { selected, incomplete } = findComponents(state, wanted);
  const found = [...selected, ...incomplete];
  if (found.length > 1) throw severalComponents(found.map(({ name }) => name));
  return selectComponents(state, wanted)[0];
}

/** Why a command that writes goes no further in a stack with several components. */
export function severalComponents(names: readonly string[]): Failure {
  return new Failure(
    "EXO_AUTH_NO_COMPONENT",
    `The stack has several components: ${names.map((name) => `"${name}"`).join(", ")}. Choose one with --component.`,
  );
}
