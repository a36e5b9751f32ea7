/**
 * Downloads a file and keeps it only if it has the checksum that it must have: fetchArchive.ts URL FILE SHA256
 * A process of its own, because Node's fetch heeds a proxy only where NODE_USE_ENV_PROXY is set when it starts.
 * Prints after each 10 MB how much it has; the last line of standard error says why it failed.
 */
import { createHash } from "node:crypto";
import { createWriteStream, renameSync, rmSync } from "node:fs";
import { pipeline } from "node:stream/promises";

const [url = "", file = "", wanted = ""] = process.argv.slice(2);
const hash = createHash("sha256");
const unchecked = `${file}.unchecked`;
try {
  const { body, status } = await fetch(url);
  if (status !== 200 || body === null) throw new Error(`${url} answers with status ${status}`);
  await pipeline(body, hashed, createWriteStream(unchecked));
  const got = hash.digest("hex");
  if (got !== wanted) throw new Error(`${url} is not what it was: SHA-256 must be ${wanted}, got ${got}`);
  renameSync(unchecked, file);
} catch (error) {
  const { message, cause } = error as Error;
  process.stderr.write(`${message}${cause instanceof Error ? `: ${cause.message}` : ""}\n`);
  rmSync(unchecked, { force: true });
  process.exitCode = 1;
}

async function* hashed(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const step = 10_000_000;
  let bytes = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    if (Math.floor(bytes / step) < Math.floor((bytes + chunk.length) / step)) {
      process.stdout.write(`${Math.round((bytes + chunk.length) / 1_000_000)} MB\n`);
    }
    bytes += chunk.length;
    yield chunk;
  }
}
