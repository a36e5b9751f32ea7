import { readFile } from "node:fs/promises";
import { Failure } from "./failure.ts";

/** The encodings of text files. */
type Encoding = "utf-8" | "utf-16le" | "utf-16be";

/** What is wrong with a file that is not in one of them, and what to do. */
export const unknownEncoding = "must be UTF-8, or UTF-16 with a byte order mark. Save it as UTF-8";

/**
 * A text file's text as its byte order mark says: Windows PowerShell 5.1 writes UTF-16 with `>`, and puts a mark before
 * UTF-8. Without a mark it is UTF-8, or the UTF-16 that its octets look like. Bytes that are no text of that encoding
 * become U+FFFD.
 */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

/** Whether a text has characters that no text file has, because its file is in an encoding that nothing says. */
export function isGarbled(text: string): boolean {
  return /[\0\uFFFD]/.test(text);
}

function encodingOf(bytes: Uint8Array): Encoding {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : encodingByNul(bytes);
}

/** UTF-8 has no NUL. In UTF-16 one octet of each Latin character is NUL, and most of a key's or a password's are Latin. */
function encodingByNul(bytes: Uint8Array): Encoding {
  const pairs = bytes.length / 2;
  const nuls = (offset: 0 | 1): number =>
    bytes.reduce((count, octet, index) => count + Number(octet === 0 && index % 2 === offset), 0);
  const [inFirst, inSecond] = [nuls(0), nuls(1)];
  if (inFirst === 0 && inSecond > pairs / 2) return "utf-16le";
  return inSecond === 0 && inFirst > pairs / 2 ? "utf-16be" : "utf-8";
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "you may not read it",
};

/** Why a file cannot be read, as the end of a sentence: in words where the reason is a common one, else as Node says it. */
export function whyUnreadable(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return reasons["code" in error ? String(error.code) : ""] ?? error.message;
}

/** Reads a text file as `decodeText` does. @throws Failure where it cannot be read as text */
export async function readTextFile(file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new Failure("EXO_AUTH_FILE", `"${file}" cannot be read: ${whyUnreadable(error)}.`, {
      cause: error,
    });
  });
  const text = decodeText(bytes);
  if (isGarbled(text)) throw new Failure("EXO_AUTH_FILE", `"${file}" ${unknownEncoding}.`);
  return text;
}
