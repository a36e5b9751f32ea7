import { readFileSync } from "node:fs";
import writeFileAtomic from "write-file-atomic";

/** Writes a file at once, unless its content is right already: another command of the sandbox may be reading it. */
export function writeIfChanged(file: string, text: string, mode?: number): void {
  if (contents(file) !== text) writeFileAtomic.sync(file, text, mode === undefined ? {} : { mode });
}

/** A file's content; empty where there is no such file, or none is named. */
export function contents(file: string | undefined): string {
  try {
    return file ? readFileSync(file, "utf8") : "";
  } catch {
    return "";
  }
}
