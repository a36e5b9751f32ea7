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
  const reason =
    "timed on 2026-11-26, on two cores: it runs the program three times (preflight's preview, `pulumi up`, `pulumi preview --refresh`), each of which took 3.8 to 5 s on that day's machine, where an empty program's preview took 1.8 s.";
  return [{ figure: "npm start", value: ms, unit: "ms", atMost: 15_000, reason }];
}

async function startAnew(): Promise<void> {
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
