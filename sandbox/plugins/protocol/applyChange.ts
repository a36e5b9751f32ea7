import { appliedState, withoutUnknowns } from "./appliedState.ts";
import type { Dialect } from "./dialect.ts";
import { IncompleteError, type Operation, type ResourceType, type State } from "./resource.ts";
import { stateMetadata, timeoutOf, type OwnTimeout } from "./stateMetadata.ts";
import type { Properties, Value } from "./values.ts";

/** A create or an update, as it is about to be done. */
export interface PendingChange<Client> {
  readonly type: ResourceType<Client>;
  readonly dialect: Dialect;
  readonly client: Client;
  readonly urn: string;
  /** Absent for what is to be created. */
  readonly id?: string;
  /** How the bridge's errors begin. */
  readonly verb: "creating" | "updating";
  readonly own: OwnTimeout;
  readonly planned: Properties;
}

/**
 * Does a change; what fails after the resource came to exist is an incomplete resource.
 *
 * @param act makes the change, and returns the state; undefined where the resource is not found then.
 * @throws IncompleteError, or an error in the bridge's words
 */
export async function applyChange<Client>(
  change: PendingChange<Client>,
  act: (operation: Operation<Client>, planned: Properties) => Promise<Properties | undefined>,
): Promise<State & { id: string }> {
  const { type, dialect, client, urn, verb, own } = change;
  const { fields } = type;
  let { id } = change;
  let learnt: Properties = {};
  const operation = {
    client,
    timeout: timeoutOf(type.timeouts, own),
    setId: (value: string) => (id = value),
    learn: (state: Properties) => (learnt = state),
  };
  const metadata = stateMetadata(type, "state", own);
  const planned = withoutUnknowns(change.planned);
  const stateOf = (known: string, properties: Properties): State => ({
    properties: outputs(dialect, known, appliedState(fields, properties, change.planned), metadata),
    fields,
  });
  try {
    const changed = await act(operation, planned);
    if (changed === undefined) throw new VanishedError(urn);
    if (id === undefined) throw new Error("expected non-empty ID for new state");
    return { id, ...stateOf(id, changed) };
  } catch (error) {
    if (error instanceof VanishedError) throw error;
    const message = bridgeMessage(error, dialect);
    if (id === undefined) throw new Error(message, { cause: error });
    throw new IncompleteError(
      `${verb} ${urn}: ${message}`,
      id,
      stateOf(id, { ...planned, ...learnt }),
      error,
    );
  }
}

/** What the engine gets of a state: the older bridge has the id among the properties. */
export function outputs(dialect: Dialect, id: Value, state: Properties, metadata: Properties): Properties {
  return { ...state, ...(dialect === "sdk" && { id }), ...metadata };
}

/** A failure in the words of the bridge: the older one says how many there are. */
export function bridgeMessage(error: unknown, dialect: Dialect): string {
  const message = error instanceof Error ? error.message : String(error);
  return dialect === "sdk" ? `1 error occurred:\n\t* ${message}\n\n` : message;
}

/** What was created is not found: the bridge says it so, and does not tell the engine the id. */
class VanishedError extends Error {
  constructor(urn: string) {
    super(`expected non-nil error with nil state during Create of ${urn}`);
  }
}
