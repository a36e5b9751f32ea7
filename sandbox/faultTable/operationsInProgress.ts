import { type EngineEvent, parseEvent } from "../../stack/event.ts";

/** Follows the events of `pulumi up --json`: which resources' operations have begun and not ended. */
export class OperationsInProgress {
  readonly #urns = new Set<string>();
  #line = "";

  /** How many there are. What one did is in the state by the time it counts as ended. */
  get count(): number {
    return this.#urns.size;
  }

  /** Reads on. @param chunk what the engine printed next; a line may be cut off */
  read(chunk: string): void {
    const lines = (this.#line + chunk).split("\n");
    this.#line = lines.pop() ?? "";
    for (const line of lines) this.#take(parseEvent(line));
  }

  #take({ resourcePreEvent, resOutputsEvent, resOpFailedEvent }: EngineEvent): void {
    const begun = resourcePreEvent?.metadata;
    // A component's operation ends when its program has said its outputs, which may be much later.
    if (begun && (begun.new ?? begun.old)?.custom) this.#urns.add(begun.urn);
    const ended = (resOutputsEvent ?? resOpFailedEvent)?.metadata;
    if (ended) this.#urns.delete(ended.urn);
  }
}
