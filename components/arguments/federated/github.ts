import type { ReportProblem } from "../../problems.ts";
import { resolveSwitch } from "../roleArguments.ts";
import { parse } from "../shape.ts";
import { environmentOf, matching, nameOf, type Trusted, type Unchecked } from "./trusted.ts";

/**
 * A job of GitHub Actions on github.com. Exactly one of `environment`, `branch`, `tag` and `pullRequest` says which. If
 * your enterprise has an issuer of its own, give `issuer` and `subject` of the credential instead.
 */
export interface GitHubJob {
  /** `OWNER/REPOSITORY`. */
  readonly repository: string;
  /**
   * The ID of the owner in digits, as `gh api repos/OWNER/REPOSITORY --jq .owner.id` prints it.
   *
   * @default - required, unless `immutable` is false or `subjectPrefix` is set
   */
  readonly ownerId?: string;
  /**
   * The ID of the repository in digits, as `gh api repos/OWNER/REPOSITORY --jq .id` prints it.
   *
   * @default - required, unless `immutable` is false or `subjectPrefix` is set
   */
  readonly repositoryId?: string;
  /**
   * Whether the repository's tokens have the IDs, as those of repositories do that were created, renamed or moved since
   * 2026-07-15. If it is false, whoever takes over the names can sign in.
   *
   * @default true
   */
  readonly immutable?: boolean;
  /**
   * What the subject begins with, as `gh api repos/OWNER/REPOSITORY/actions/oidc/customization/sub` shows it in
   * `sub_claim_prefix`.
   *
   * @default - made from `repository`, `ownerId` and `repositoryId`
   */
  readonly subjectPrefix?: string;
  /**
   * The environment that the job names. If the environment has no rule for branches, a job of any branch can name it.
   *
   * @default - one of the other three
   */
  readonly environment?: string;
  /**
   * The branch that the job runs on, without `refs/heads/`.
   *
   * @default - one of the other three
   */
  readonly branch?: string;
  /**
   * The tag that the job runs on, without `refs/tags/`. It needs `allowWideSubject`.
   *
   * @default - one of the other three
   */
  readonly tag?: string;
  /**
   * True for jobs of pull requests. It needs `allowWideSubject`.
   *
   * @default false
   */
  readonly pullRequest?: boolean;
}

/** Source: GitHub's page "OpenID Connect reference". */
const githubIssuer = "https://token.actions.githubusercontent.com";

const refs = {
  environment: (name: string) => `environment:${name.replaceAll(":", "%3A")}`,
  branch: (name: string) => `ref:refs/heads/${name}`,
  tag: (name: string) => `ref:refs/tags/${name}`,
} as const;

/** What a job of GitHub Actions sends; undefined after a reported problem. */
export function githubTrust(
  args: Unchecked<GitHubJob>,
  path: string,
  report: ReportProblem,
): Trusted | undefined {
  const pullRequest = resolveSwitch(`${path}.pullRequest`, args.pullRequest, false, report);
  const names = (["environment", "branch", "tag"] as const).filter((key) => args[key] !== undefined);
  const isOne = names.length + (pullRequest ? 1 : 0) === 1;
  if (!isOne) report(path, "must have exactly one of environment, branch, tag and pullRequest: true.");
  const [only] = names;
  const read = only === "environment" ? environmentOf : nameOf;
  const name = only === undefined ? undefined : read(args[only], `${path}.${only}`, report);
  const prefix = prefixOf(args, path, report);
  if (!isOne || prefix === undefined || (only !== undefined && name === undefined)) return undefined;
  const what = only === undefined || name === undefined ? "pull_request" : refs[only](name);
  return { issuer: githubIssuer, subject: `${prefix}:${what}` };
}

function prefixOf(
  { repository: given, ownerId, repositoryId, immutable, subjectPrefix }: Unchecked<GitHubJob>,
  path: string,
  report: ReportProblem,
): string | undefined {
  const repository = parse(Repository, given, `${path}.repository`, report);
  const hasIds = resolveSwitch(`${path}.immutable`, immutable, true, report);
  if (subjectPrefix !== undefined) return nameOf(subjectPrefix, `${path}.subjectPrefix`, report);
  if (!hasIds) return repository && `repo:${repository}`;
  const owner = parse(Id, ownerId, `${path}.ownerId`, report);
  const id = parse(Id, repositoryId, `${path}.repositoryId`, report);
  if (repository === undefined || owner === undefined || id === undefined) return undefined;
  const [ownerName, repositoryName] = repository.split("/");
  return `repo:${ownerName}@${owner}/${repositoryName}@${id}`;
}

const Repository = matching(
  /^[\w.-]+\/[\w.-]+$/,
  "be OWNER/REPOSITORY",
  'Give a text such as "contoso/mail".',
);
const Id = matching(
  /^\d+$/,
  "be the ID in digits, as a text",
  "Show it with `gh api repos/OWNER/REPOSITORY`. If the repository's tokens have no IDs, set immutable to false.",
);
