import { usageFailure } from "../../common/failure.ts";
import { visibleJson } from "../../common/foreignText.ts";
import { defineCommand } from "../command.ts";
import { ExitCode } from "../exitCodes.ts";
import type { Platform } from "../../operations/matrix/platforms.ts";

/** `exo-auth matrix`. */
export const matrixCommand = defineCommand({
  name: "matrix",
  summary: "print the project's stacks as JSON for parallel jobs of a pipeline",
  description:
    "Asks Pulumi for the stacks of the project, and prints them as one line of JSON. A platform makes parallel jobs from it: GitHub Actions with `fromJSON`, Azure Pipelines with a variable that `matrix` names, and GitLab as the jobs of a child pipeline.\n\nEach job gets the names of its stacks, separated by spaces. The same stacks always give the same jobs. The numbers of stacks in two jobs differ by one at most.",
  options: {
    platform: {
      type: "string",
      value: "NAME",
      default: "github",
      description: "the platform: `github`, `azure` or `gitlab`. Default: `github`",
    },
    shards: {
      type: "string",
      value: "N",
      description: "the highest number of jobs. Default: one job for each stack",
    },
    exclude: {
      type: "string",
      value: "NAMES",
      description: "stacks to leave out, such as dev-*,try. * stands for any characters",
    },
  },
  examples: [
    {
      command: `matrix=$(exo-auth matrix) && echo "matrix=$matrix" >> "$GITHUB_OUTPUT"`,
      meaning: "one job for each stack, in GitHub Actions",
    },
    {
      command: "exo-auth matrix --shards 20 --exclude 'dev-*'",
      meaning: "hundreds of stacks in 20 jobs at most",
    },
    { command: "exo-auth matrix --platform gitlab", meaning: "the jobs of a child pipeline" },
  ],
  permissions: [
    "the list of the project's stacks, as `pulumi stack ls` reads it. No state, and nothing in a tenant",
  ],
  withoutStack: true,
  exitCodes: [],
  async run(values, context) {
    if (values.stack !== undefined) {
      throw usageFailure("`matrix` lists every stack of the project. Leave out --stack.");
    }
    const most = values.shards === undefined ? undefined : parseShards(values.shards);
    const { matrix } = await import("../../operations/matrix/matrix.ts");
    const { matrixFor, mostJobsOfGitHub, platforms } = await import("../../operations/matrix/platforms.ts");
    const platform = platforms.find((one): one is Platform => one === values.platform);
    if (platform === undefined) {
      throw usageFailure(`--platform must be one of ${platforms.join(", ")}, got "${values.platform}".`);
    }
    const result = await matrix({ ...context, cwd: values.cwd, shards: most, exclude: values.exclude });
    if (!values.json && platform === "github" && result.shards.length > mostJobsOfGitHub) {
      throw usageFailure(
        `A matrix of GitHub Actions has ${mostJobsOfGitHub} jobs at most, got ${result.shards.length}. Give --shards ${mostJobsOfGitHub} or less.`,
      );
    }
    const text = `${visibleJson(matrixFor(platform, result.shards))}\n`;
    return {
      exitCode: ExitCode.Ok,
      document: { ...result },
      text,
      ...(values.json ? {} : { piped: text }),
    };
  },
});

function parseShards(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw usageFailure(`--shards must be a number of jobs, got "${text}". Give 1 or more.`);
}
