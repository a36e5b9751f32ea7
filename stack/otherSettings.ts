import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { PulumiOptions } from "./pulumiCli.ts";

/**
 * Runs Pulumi with other settings than those of the file, which stays as it is.
 *
 * @throws what `run` throws
 */
export async function withSettingsText<T>(
  text: string,
  options: PulumiOptions,
  run: (options: PulumiOptions) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), "exo-auth-settings-"));
  try {
    const file = path.join(folder, "settings.yaml");
    await writeFile(file, text);
    return await run({ ...options, env: { ...options.env, PULUMI_OPTION_CONFIG_FILE: file } });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
