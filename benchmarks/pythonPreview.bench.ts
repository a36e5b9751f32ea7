import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import path from "node:path";

import { createSandbox } from "../sandbox/createSandbox.ts";
import type { Row } from "./benchmark.ts";
import { medianTimes, runNode } from "./measure.ts";
import { destroy, pulumi, succeed, up } from "./operation.ts";
import { startPlugin } from "./pluginStarts.ts";

const root = path.dirname(import.meta.dirname);

export const name = "pythonPreview";

/** What the component adds to the preview of a program in Python. */
export async function run(): Promise<readonly Row[]> {
  for (const script of ["build.ts", "plugin.ts"]) await runNode(path.join(root, "scripts", script));
  mkdirSync(path.join(root, ".sandbox"), { recursive: true });
  // Pulumi writes an SDK and an environment of Python's into the projects. They name the plugin from this depth.
  const folder = mkdtempSync(path.join(root, ".sandbox/bench-"));
  cpSync(path.join(import.meta.dirname, "python"), folder, { recursive: true });
  const sandbox = await createSandbox();
  try {
    const [plain, component] = await Promise.all(
      ["plain", "component"].map((project) =>
        sandbox.stack(project, { project: path.join(folder, project) }),
      ),
    );
    if (plain === undefined || component === undefined) throw new Error("There are no stacks.");
    for (const stack of [plain, component]) {
      await succeed(stack, ["pulumi", "install"]);
      await pulumi(stack, ...up);
    }
    const times = await medianTimes(5, {
      plain: () => pulumi(plain, "preview", "--expect-no-changes"),
      component: () => pulumi(component, "preview", "--expect-no-changes"),
    });
    const { start } = await medianTimes(5, {
      start: () =>
        startPlugin(
          path.join(root, "plugin/dist/pulumi-resource-exchange-auth"),
          ["127.0.0.1:0"],
          component.env,
        ),
    });
    for (const stack of [plain, component]) await pulumi(stack, ...destroy);
    return [
      { figure: "preview in Python, one resource of azuread", value: times.plain, unit: "ms" },
      { figure: "preview in Python, the component", value: times.component, unit: "ms" },
      { figure: "the start of the component's plugin", value: start, unit: "ms" },
      {
        figure: "the component in Python, to one resource of azuread",
        value: times.component / times.plain,
        unit: "times",
        atMost: 1.3,
        parts: {
          "the program with one resource": 1,
          "the start of the component's plugin": start / times.plain,
        },
      },
    ];
  } finally {
    await sandbox.close();
    rmSync(folder, { recursive: true });
  }
}
