import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import * as v from "valibot";
import { Failure } from "../common/failure.ts";
import { pulumiFailure, type PulumiOptions, tryPulumi } from "./pulumiCli.ts";

/** Policies, as a folder has them. */
export interface PolicyPack {
  /** With `PulumiPolicy.yaml`. */
  readonly folder: string;
  /** A JSON file that configures them. @default their own defaults */
  readonly settings?: string | undefined;
}

/** What a policy says of one resource, as `pulumi policy analyze --json` prints it (engine 3.259). */
export type Violation = v.InferOutput<typeof Violation>;

const Violation = v.object({
  policyName: v.string(),
  policyPackName: v.string(),
  /** Empty for what is said of the whole stack. */
  resourceUrn: v.optional(v.string(), ""),
  message: v.string(),
  enforcementLevel: v.string(),
  severity: v.optional(v.string(), ""),
});

const Event = v.object({
  policyEvent: v.exactOptional(Violation),
  /** The last one, where every policy was asked. */
  summaryEvent: v.exactOptional(v.looseObject({})),
});

/** A pack may print lines of its own between the events. @throws Failure where an event has another form than is known */
function eventOf(line: string): v.InferOutput<typeof Event> {
  const printed = jsonOf(line);
  const parsed = v.safeParse(Event, printed ?? {});
  if (parsed.success) return parsed.output;
  const reason = v.getDotPath(parsed.issues[0]) ?? "the event";
  throw new Failure(
    "EXO_AUTH_PULUMI",
    `\`pulumi policy analyze\` printed an event of another form than exo-auth knows: \`${reason}\`. Use Pulumi 3.259 or a newer exo-auth.`,
  );
}

function jsonOf(line: string): unknown {
  try {
    return line.startsWith("{") ? (JSON.parse(line) as unknown) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Lets a policy pack judge a state, without its secrets and without a provider.
 *
 * @param printed what `pulumi stack export` prints
 * @throws Failure where the pack, or its configuration, cannot be used
 */
export async function analyzeState(
  printed: unknown,
  { folder, settings }: PolicyPack,
  options: PulumiOptions,
): Promise<readonly Violation[]> {
  const place = await mkdtemp(path.join(tmpdir(), "exo-auth-policies-"));
  try {
    const file = path.join(place, "state.json");
    await writeFile(file, JSON.stringify(printed), { mode: 0o600 });
    const configured = settings === undefined ? [] : ["--policy-pack-config", path.resolve(settings)];
    const pack = ["--policy-pack", path.resolve(folder), ...configured];
    const args = ["policy", "analyze", "--json", ...pack, "--file", file];
    // A file stands in the place of a stack.
    const own = { ...options, stack: undefined };
    const result = await tryPulumi(args, own);
    const events = result.output.split("\n").map(eventOf);
    if (!events.some(({ summaryEvent }) => summaryEvent)) throw pulumiFailure(args.slice(0, 2), result, own);
    return events.flatMap(({ policyEvent }) => policyEvent ?? []);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}
