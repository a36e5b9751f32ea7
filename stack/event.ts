import * as v from "valibot";

/** What the engine tells while it works, as far as it matters here: one line of `--json` (engine 3.259). */
export type EngineEvent = v.InferOutput<typeof EngineEvent>;

const Side = v.nullish(v.object({ custom: v.optional(v.boolean(), false) }));

const Operation = v.optional(
  v.object({
    metadata: v.object({
      op: v.string(),
      urn: v.string(),
      /** The resource before; absent where it is new. */
      old: Side,
      /** The resource afterwards; absent where it goes. */
      new: Side,
    }),
  }),
);

const EngineEvent = v.object({
  diagnosticEvent: v.optional(v.object({ message: v.string(), severity: v.string() })),
  /** Something begins. */
  resourcePreEvent: Operation,
  /** Something is done. */
  resOutputsEvent: Operation,
  /** Something was tried and failed. */
  resOpFailedEvent: Operation,
});

/** Reads a line of what `pulumi up --json` prints; a line that is no event says nothing. */
export function parseEvent(line: string): EngineEvent {
  return line.startsWith("{") ? v.parse(EngineEvent, JSON.parse(line)) : {};
}
