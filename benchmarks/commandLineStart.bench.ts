import path from "node:path";

import type { Row } from "./benchmark.ts";
import { medianTimes, runNode } from "./measure.ts";

const root = path.dirname(import.meta.dirname);

export const name = "commandLineStart";

/** How long `exo-auth --help` takes, as it is installed and as it runs in a clone. */
export async function run(): Promise<readonly Row[]> {
  await runNode(path.join(root, "scripts/build.ts"));
  const times = await medianTimes(11, {
    node: () => runNode("--eval", "0"),
    source: () => runNode(path.join(root, "cli/main.ts"), "--help"),
    built: () => runNode(path.join(root, "dist/cli/main.js"), "--help"),
  });
  const atMost = 1.5 * times.node + 100;
  return [
    { figure: "node --eval 0", value: times.node, unit: "ms" },
    { figure: "exo-auth --help, from source", value: times.source, unit: "ms", atMost },
    { figure: "exo-auth --help, built", value: times.built, unit: "ms", atMost },
  ];
}
