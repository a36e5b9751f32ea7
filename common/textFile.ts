import { readFile } from "node:fs/promises";
import { Failure } from "./failure.ts";

/**
 * A text file's text as its byte order mark says: Windows PowerShell 5.1 writes UTF-16 with `>`, and puts a mark before
 * UTF-8. Without a mark it is UTF-8. Bytes that are no text of that encoding become U+FFFD.
 */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function encodingOf([first, second]: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
}

/** Reads a text file as `decodeText` does. @throws Failure where it cannot be read */
export async function readTextFile(file: string): Promise<string> {
  try {
    return decodeText(await readFile(file));
  } catch (error) {
    throw new Failure("EXO_AUTH_FILE", `"${file}" cannot be read: ${String(error)}.`, { cause: error });
  }
}
