import { writeFile } from "node:fs/promises";
import { styleText } from "node:util";
import { clipped, visible, visibleJson, visibleLines } from "../common/foreignText.ts";
import type { Command, Outcome } from "./command.ts";
import { Failure } from "../common/failure.ts";
import { errorMessage } from "../common/errorMessage.ts";

/** The version of the form of all JSON documents; grows when a reader would have to change. */
const schemaVersion = 1;

/** One of the two streams of a process. */
export interface Stream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Where a run prints. */
export interface Streams {
  readonly stdout: Stream;
  readonly stderr: Stream;
}

/** When colours are used. */
export type ColorMode = "always" | "never" | "auto";

/** The JSON document of a command that came to an end. */
export function resultDocument(
  { name }: Pick<Command, "name">,
  { document }: Pick<Outcome, "document">,
): string {
  return `${visibleJson({ schemaVersion, command: name, ...document }, 2)}\n`;
}

/** Writes what was asked for to a file that an option names. @throws Failure */
export async function writeResult(file: string, text: string, option: string): Promise<void> {
  await writeFile(file, text).catch((error: unknown) => {
    throw new Failure(
      "EXO_AUTH_FILE",
      `"${file}" could not be written: ${errorMessage(error)}. Give another file with ${option}.`,
    );
  });
}

/** The JSON document of a command that failed. */
export function errorDocument(name: string, error: Failure): string {
  const { code, message } = error;
  return `${visibleJson({ schemaVersion, command: name, error: { code, message } }, 2)}\n`;
}

/** The line that tells a person what failed. */
export function errorText(name: string, error: Failure): string {
  return `${styleText("red", `exo-auth ${visible(name)}:`, { validateStream: false })} ${visibleLines(error.message)}\n`;
}

/** Colours stay where they are seen as colours. */
export function paint(text: string, stream: Stream, mode: ColorMode, env: NodeJS.ProcessEnv): string {
  const colored = mode === "always" || (mode === "auto" && stream.isTTY === true && !env.NO_COLOR);
  // oxlint-disable-next-line no-control-regex
  return colored ? text : text.replaceAll(/\u001b\[[0-9;]*m/g, "");
}

/** Shows what goes on in one line of a terminal that each message overwrites; nothing elsewhere. */
export function createProgress(stderr: Stream, quiet: boolean): { show(text: string): void; clear(): void } {
  if (stderr.isTTY !== true || quiet) return { show: () => undefined, clear: () => undefined };
  const eraseLine = "\r\u001b[K";
  // What does not fit would begin a second line, which erasing leaves behind.
  const fitting = (text: string): string => clipped(visible(text), (stderr.columns ?? 80) - 1);
  return {
    show: (text) => stderr.write(eraseLine + fitting(text)),
    clear: () => stderr.write(eraseLine),
  };
}
