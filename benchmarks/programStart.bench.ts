import path from "node:path";

import type { Row } from "./benchmark.ts";
import { medianTimes, runNode } from "./measure.ts";

const root = path.dirname(import.meta.dirname);

export const name = "programStart";

/** What a program pays at its start for the component, beside Pulumi's own SDK. */
export async function run(): Promise<readonly Row[]> {
  await runNode(path.join(root, "scripts/build.ts"));
  const times = await medianTimes(7, {
    node: () => runNode("--eval", "0"),
    pulumi: () => runNode("--eval", "require('@pulumi/pulumi')"),
    source: () =>
      runNode("--input-type=module", "--eval", `import "${path.join(root, "components/index.ts")}"`),
    built: () => runNode("--eval", `require("${path.join(root, "dist/components/index.js")}")`),
  });
  return [
    { figure: "node --eval 0", value: times.node, unit: "ms" },
    { figure: "@pulumi/pulumi", value: times.pulumi, unit: "ms" },
    { figure: "the component, from source", value: times.source, unit: "ms" },
    { figure: "the component, built", value: times.built, unit: "ms" },
    { figure: "built, to @pulumi/pulumi", value: times.built / times.pulumi, unit: "times" },
  ];
}
