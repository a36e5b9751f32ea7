import { execFileSync, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { onTestFinished } from "vitest";

/** Why this machine has no terminal to test in, said aloud; undefined where it has. */
export const noTerminal =
  spawnSync("tmux", ["-V"]).status === 0 ? undefined : "tmux is missing, so nothing was tested in a terminal";

/** A terminal of 120 columns in which one command runs. */
export interface Terminal {
  /** What it shows, with its colours. */
  screen(): string;
  /** Waits until it shows this. */
  until(pattern: RegExp): Promise<string>;
  press(key: string): void;
}

/** Runs a shell command line in a terminal that ends with the test. */
export function openTerminal(commandLine: string, cwd: string, env: NodeJS.ProcessEnv): Terminal {
  const socket = `exo-auth-${randomUUID()}`;
  const tmux = (...args: readonly string[]): string =>
    execFileSync("tmux", ["-L", socket, "-f", "/dev/null", ...args], {
      cwd,
      env: { ...env, TERM: "xterm-256color" },
      encoding: "utf8",
    });
  tmux(
    "new-session",
    "-d",
    "-x",
    "120",
    "-y",
    "40",
    `${commandLine}; printf 'exit code %s\\n' $?; exec sleep 60`,
  );
  onTestFinished(() => void tmux("kill-server"));
  const screen = (): string => tmux("capture-pane", "-p", "-e", "-J");
  return {
    screen,
    async until(pattern) {
      for (let tries = 0; tries < 200; tries++) {
        const shown = screen();
        if (pattern.test(shown)) return shown;
        await setTimeout(50);
      }
      throw new Error(`the terminal never showed ${String(pattern)}, but:\n${screen()}`);
    },
    press: (key) => void tmux("send-keys", key),
  };
}
