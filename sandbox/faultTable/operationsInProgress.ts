import * as v from "valibot";

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
    for (const line of lines.filter((one) => one.startsWith("{")))
      this.#take(v.parse(Event, JSON.parse(line)));
  }

  #take({ resourcePreEvent, resOutputsEvent, resOpFailedEvent }: v.InferOutput<typeof Event>): void {
    const begun = resourcePreEvent?.metadata;
    // A component's operation ends when its program has said its outputs, which may be much later.
    if (begun && (begun.new ?? begun.old)?.custom === true) this.#urns.add(begun.urn);
    const ended = (resOutputsEvent ?? resOpFailedEvent)?.metadata;
    if (ended) this.#urns.delete(ended.urn);
  }
}

const Side = v.nullish(v.object({ custom: v.optional(v.boolean()) }));
const Step = v.optional(v.object({ metadata: v.object({ urn: v.string(), old: Side, new: Side }) }));
const Event = v.object({ resourcePreEvent: Step, resOutputsEvent: Step, resOpFailedEvent: Step });
