import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

import { vi } from "vitest";

import type { Sandbox } from "../../sandbox/createSandbox.ts";

/** A sandbox whose clock the test moves. */
export interface SimulatedTime {
  readonly env: NodeJS.ProcessEnv;
  /** Moves the clocks of this process, of the tenant (which reads this process's) and of the tls plugin. */
  moveTo(time: Date | string): void;
}

/**
 * The engine notes when its updates ran by the machine's clock, which a test cannot move. So what it tells of them goes
 * through a filter that puts the simulated times there; all else is the engine's own.
 */
export function simulateTime({ folder, env: outer }: Sandbox, stackEnv: NodeJS.ProcessEnv): SimulatedTime {
  const bin = join(folder.path, "simulatedTime");
  const times = join(bin, "times.json");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "filter.mjs"), filter);
  const pulumi = join(folder.bin, "pulumi");
  writeFileSync(
    join(bin, "pulumi"),
    `#!/bin/sh
case "$1 $2" in
"stack history" | "stack export") "${pulumi}" "$@" | node "${join(bin, "filter.mjs")}" "${times}" ;;
"up "*)
  "${pulumi}" "$@"
  code=$?
  # The engine notes whole seconds; so the clock moves on in another one than that in which an update ended.
  sleep 1
  exit $code
  ;;
*) exec "${pulumi}" "$@" ;;
esac
`,
  );
  chmodSync(join(bin, "pulumi"), 0o755);
  const env: NodeJS.ProcessEnv = {
    ...stackEnv,
    PATH: [bin, outer["PATH"]].filter(Boolean).join(delimiter),
  };
  const moves: { machine: number; simulated: number }[] = [];
  vi.useFakeTimers({ toFake: ["Date"] });
  return {
    env,
    moveTo(time) {
      const simulated = new Date(time);
      moves.push({ machine: performance.timeOrigin + performance.now(), simulated: simulated.getTime() });
      writeFileSync(times, JSON.stringify(moves));
      vi.setSystemTime(simulated);
      env["SANDBOX_TIME"] = simulated.toISOString();
    },
  };
}

const filter = `
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
const moves = JSON.parse(readFileSync(process.argv[2], "utf8"));
const simulated = (text) => {
  const machine = Date.parse(text);
  const move = moves.findLast((one) => one.machine - 1000 <= machine) ?? moves[0];
  return new Date(move.simulated).toISOString();
};
const keys = ["startTime", "endTime", "time"];
const printed = await text(process.stdin);
process.stdout.write(
  printed === "" ? "" : JSON.stringify(JSON.parse(printed, (key, value) => (keys.includes(key) && typeof value === "string" ? simulated(value) : value))),
);
`;
