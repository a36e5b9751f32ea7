import { runCommand } from "../workspace/runCommand.ts";

/** The version of Pulumi's CLI that is downloaded or built, and the oldest one that is used. */
export const pulumiVersion = "3.259.0";

/**
 * The version that an executable says it is, as `pulumi version` prints it, without the `v`; undefined where it
 * does not start or is no Pulumi CLI.
 */
export async function versionOf(executable: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    const { exitCode, stdout } = await runCommand(executable, ["version"], {
      env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      timeoutMs: 60_000,
    });
    return exitCode === 0 ? /^v(\d+\.\d+\.\d+\S*)$/m.exec(stdout)?.[1] : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a CLI can stand in for {@link pulumiVersion}: the same major version, not older, no early build of it. */
export function isNewEnough(version: string): boolean {
  const [major, minor, patch, rest] = parts(version);
  const [oldestMajor, oldestMinor, oldestPatch] = parts(pulumiVersion);
  if (major !== oldestMajor) return false;
  if (minor !== oldestMinor) return minor > oldestMinor;
  return patch > oldestPatch || (patch === oldestPatch && rest === "");
}

function parts(version: string): [major: number, minor: number, patch: number, rest: string] {
  const [, major, minor, patch, rest] = /^(\d+)\.(\d+)\.(\d+)(.*)$/.exec(version) ?? [];
  return [Number(major), Number(minor), Number(patch), rest ?? ""];
}
