import { usageFailure } from "../../common/failure.ts";
import { visibleJson } from "../../common/foreignText.ts";
import { defineCommand } from "../command.ts";
import { ExitCode } from "../exitCodes.ts";
import type { Platform } from "../../operations/matrix/platforms.ts";

/** `exo-auth matrix`. */
export const matrixCommand = defineCommand({
  name: "matrix",
  summary: "print the project's stacks as JSON for the parallel jobs of a pipeline",
  description:
    "Asks Pulumi for the stacks of the project and prints them in the one line of JSON that a platform makes parallel jobs of: GitHub Actions by `fromJSON`, Azure Pipelines by a variable that `matrix` names, GitLab as the jobs of a child pipeline. Each job gets the names of its stacks, separated by spaces. The same stacks always give the same jobs, and the jobs' numbers of stacks differ by one at most.",
  options: {
    platform: {
      type: "string",
      value: "NAME",
      default: "github",
      description: "github, azure or gitlab: whose form; default: github",
    },
    shards: { type: "string", value: "N", description: "at most so many jobs; default: one a stack" },
    exclude: {
      type: "string",
      value: "NAMES",
      description: "stacks to leave out, as in dev-*,try; * stands for any characters",
    },
  },
  examples: [
    {
      command: `matrix=$(exo-auth matrix) && echo "matrix=$matrix" >> "$GITHUB_OUTPUT"`,
      meaning: "one job a stack, in GitHub Actions",
    },
    {
      command: "exo-auth matrix --shards 20 --exclude 'dev-*'",
      meaning: "hundreds of stacks, over 20 jobs at most",
    },
    { command: "exo-auth matrix --platform gitlab", meaning: "the jobs of a child pipeline" },
  ],
  permissions: ["the list of the project's stacks, as `pulumi stack ls`; no state, and nothing in a tenant"],
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
      throw usageFailure(`--platform takes ${platforms.join(", ")}, got "${values.platform}".`);
    }
    const result = await matrix({ ...context, cwd: values.cwd, shards: most, exclude: values.exclude });
    if (!values.json && platform === "github" && result.shards.length > mostJobsOfGitHub) {
      throw usageFailure(
        `A matrix of GitHub Actions makes ${mostJobsOfGitHub} jobs at most, got ${result.shards.length}. Give --shards ${mostJobsOfGitHub} or less.`,
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
  throw usageFailure(`--shards is no number of jobs, got "${text}". Give 1 or more.`);
}
