import * as v from "valibot";

/** What the engine tells while it works, as far as it matters here: one line of `--json` (engine 3.259). */
export type EngineEvent = v.InferOutput<typeof EngineEvent>;

const Operation = v.optional(v.object({ metadata: v.object({ op: v.string(), urn: v.string() }) }));

const EngineEvent = v.object({
  diagnosticEvent: v.optional(v.object({ message: v.string(), severity: v.string() })),
  /** Something begins. */
  resourcePreEvent: Operation,
  /** Something is done. */
  resOutputsEvent: Operation,
});

/** Reads a line of what `pulumi up --json` prints; a line that is no event says nothing. */
export function parseEvent(line: string): EngineEvent {
  return line.startsWith("{") ? v.parse(EngineEvent, JSON.parse(line)) : {};
}
