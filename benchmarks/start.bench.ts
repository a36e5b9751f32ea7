import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { runCommand } from "../sandbox/workspace/runCommand.ts";
import type { Row } from "./benchmark.ts";
import { medianTimes } from "./measure.ts";

export const name = "start";

/** How long `npm start` takes in a new sandbox, where packages and CLI are there. */
export async function run(): Promise<readonly Row[]> {
  const { ms } = await medianTimes(3, { ms: startAnew });
  return [{ figure: "npm start", value: ms, unit: "ms", atMost: 15_000 }];
}

/** Runs `npm start` in a new sandbox. @throws where it fails */
export async function startAnew(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "exchange-auth-bench-"));
  try {
    const { exitCode, stdout, stderr } = await runCommand("npm", ["start"], {
      cwd: path.dirname(import.meta.dirname),
      env: { ...process.env, SANDBOX_FOLDER: folder },
    });
    if (exitCode !== 0) throw new Error(`npm start failed.\n${stdout}${stderr}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
