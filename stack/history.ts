import * as v from "valibot";
import type { PulumiOptions } from "./pulumiCli.ts";
import { runPulumi } from "./pulumiCli.ts";
import { pulumiJson } from "./pulumiJson.ts";

/** The stack's latest updates, newest first, as far as they are read here. */
export type History = v.InferOutput<typeof History>;

/** Asks Pulumi for the stack's latest updates. @throws Failure */
export async function readHistory(options: PulumiOptions): Promise<History> {
  // Without --show-secrets, which would write a settings file beside Pulumi.yaml where there is none.
  const args = ["stack", "history", "--json", "--page-size", "100"];
  return parseHistory(pulumiJson("stack history", await runPulumi(args, options)));
}

/** As `readHistory`, from what `pulumi stack history --json` printed. */
export function parseHistory(printed: unknown): History {
  return v.parse(History, printed);
}

const History = v.array(
  v.object({
    kind: v.string(),
    result: v.string(),
    endTime: v.optional(v.string()),
    config: v.optional(
      v.record(v.string(), v.object({ secret: v.boolean(), objectValue: v.optional(v.unknown()) })),
      {},
    ),
  }),
);
