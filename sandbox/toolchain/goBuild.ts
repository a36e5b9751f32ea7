import { runCommand } from "../workspace/runCommand.ts";
import { lastWords } from "./download.ts";
import type { Progress } from "./progress.ts";
import { withProgress } from "./progress.ts";

/** An executable that Go builds. */
export interface GoProgram {
  /** The folder of the Go module of ours that names it, and the checksums of all that it is built from. */
  readonly moduleFolder: string;
  /** The package that is built, as Go names it. */
  readonly mainPackage: string;
  /** The variable that gets the version, and the version: `PACKAGE.NAME=VALUE`. Default: none. */
  readonly version?: string;
  /** Roughly how many packages it has. */
  readonly packageCount: string;
}

/**
 * Builds an executable with Go.
 *
 * @param output the path of the executable
 * @param announcement what is said once Go is found
 * @throws where Go is missing, too old, or reaches no modules, with Go's own last words
 */
export async function buildWithGo(
  { moduleFolder, mainPackage, version, packageCount }: GoProgram,
  output: string,
  announcement: string,
  env: NodeJS.ProcessEnv,
  report: Progress,
): Promise<void> {
  // C is not needed, so neither is a C compiler; settings of the user for other modules do not fit this one.
  const goEnv = { ...env, CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off" };
  if (!(await hasGo(goEnv))) throw new Error("Go is not on PATH");
  report(announcement);
  const linkerFlags = version === undefined ? "-s -w" : `-s -w -X ${version}`;
  const args = ["build", "-v", "-trimpath", "-buildvcs=false", "-o", output];
  let modules = 0;
  let packages = 0;
  await withProgress(
    report,
    () => `${modules} modules downloaded, ${packages} of about ${packageCount} packages compiled`,
    async () => {
      const { exitCode, stderr } = await runCommand("go", [...args, "-ldflags", linkerFlags, mainPackage], {
        cwd: moduleFolder,
        env: goEnv,
        timeoutMs: 60 * 60_000,
        onLine: (line) => {
          if (line.startsWith("go: downloading ")) modules += 1;
          else packages += 1;
        },
      });
      if (exitCode !== 0) throw new Error(lastWords(stderr) ?? `exit code ${exitCode}`);
    },
  );
}

async function hasGo(env: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    return (await runCommand("go", ["version"], { env, timeoutMs: 60_000 })).exitCode === 0;
  } catch {
    return false;
  }
}
