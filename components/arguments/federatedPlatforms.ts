import * as v from "valibot";

import type { ReportProblem } from "../problems.ts";
import { mustBe, parse } from "./shape.ts";

/** Whose tokens a federated credential trusts. Entra compares both exactly, with upper and lower case. */
export interface Trusted {
  /** Who signs the token: its `iss`. */
  readonly issuer: string;
  /** What the token is about: its `sub`. */
  readonly subject: string;
}

/** A job of GitHub Actions. Exactly one of `environment`, `branch`, `tag` and `pullRequest` says which. */
export interface GitHubArgs {
  /** `OWNER/REPOSITORY`. */
  readonly repository: string;
  /** The ID of the owner, as `gh api repos/OWNER/REPOSITORY --jq .owner.id` prints it. */
  readonly ownerId?: string;
  /** The ID of the repository, as `gh api repos/OWNER/REPOSITORY --jq .id` prints it. */
  readonly repositoryId?: string;
  /**
   * Whether the repository sends its IDs, as those do that were created, renamed or moved since 2026-07-15.
   *
   * @default true
   */
  readonly immutable?: boolean;
  /** What the subject begins with, as `gh api repos/OWNER/REPOSITORY/actions/oidc/customization/sub` shows it. */
  readonly subjectPrefix?: string;
  readonly environment?: string;
  readonly branch?: string;
  readonly tag?: string;
  readonly pullRequest?: boolean;
}

/** A job of GitLab. Exactly one of `branch` and `tag` says which. */
export interface GitLabArgs {
  /** The project's path: `GROUP/PROJECT`. */
  readonly project: string;
  readonly branch?: string;
  readonly tag?: string;
  /** @default "gitlab.com" */
  readonly host?: string;
}

/** A pod of Kubernetes. */
export interface KubernetesArgs {
  /** The cluster's issuer, exactly as its tokens have it. */
  readonly issuer: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** Source: GitHub's page "OpenID Connect reference". */
const githubIssuer = "https://token.actions.githubusercontent.com";

const githubRefs = {
  environment: (name: string) => `environment:${name.replaceAll(":", "%3A")}`,
  branch: (name: string) => `ref:refs/heads/${name}`,
  tag: (name: string) => `ref:refs/tags/${name}`,
} as const;

/** What a job of GitHub Actions sends; undefined after a reported problem. */
export function githubTrust(args: GitHubArgs, path: string, report: ReportProblem): Trusted | undefined {
  const names = (["environment", "branch", "tag"] as const).filter((key) => args[key] !== undefined);
  const isOne = names.length + (args.pullRequest === true ? 1 : 0) === 1;
  if (!isOne) {
    report(path, "must have exactly one of environment, branch, tag and pullRequest: true.");
  }
  const [only] = names;
  const name = only === undefined ? undefined : textOf(args[only], `${path}.${only}`, report);
  const prefix = githubPrefix(args, path, report);
  if (!isOne || prefix === undefined || (only !== undefined && name === undefined)) return undefined;
  const what = only === undefined || name === undefined ? "pull_request" : githubRefs[only](name);
  return { issuer: githubIssuer, subject: `${prefix}:${what}` };
}

function githubPrefix(args: GitHubArgs, path: string, report: ReportProblem): string | undefined {
  const { ownerId, repositoryId, immutable = true, subjectPrefix } = args;
  const repository = parse(Repository, args.repository, `${path}.repository`, report);
  if (subjectPrefix !== undefined) return textOf(subjectPrefix, `${path}.subjectPrefix`, report);
  if (!immutable) return repository && `repo:${repository}`;
  const owner = parse(Id, ownerId, `${path}.ownerId`, report);
  const id = parse(Id, repositoryId, `${path}.repositoryId`, report);
  if (repository === undefined || owner === undefined || id === undefined) return undefined;
  const [ownerName, repositoryName] = repository.split("/");
  return `repo:${ownerName}@${owner}/${repositoryName}@${id}`;
}

/** What a job of GitLab sends, as long as its project does not choose other claims; undefined after a problem. */
export function gitlabTrust(args: GitLabArgs, path: string, report: ReportProblem): Trusted | undefined {
  const project = parse(Project, args.project, `${path}.project`, report);
  const host = parse(Host, args.host ?? "gitlab.com", `${path}.host`, report);
  const [only, another] = (["branch", "tag"] as const).filter((key) => args[key] !== undefined);
  if (only === undefined || another !== undefined) {
    report(path, "must have exactly one of branch and tag.");
    return undefined;
  }
  const ref = textOf(args[only], `${path}.${only}`, report);
  if (project === undefined || host === undefined || ref === undefined) return undefined;
  return { issuer: `https://${host}`, subject: `project_path:${project}:ref_type:${only}:ref:${ref}` };
}

/** What a pod of Kubernetes sends; undefined after a reported problem. */
export function kubernetesTrust(
  args: KubernetesArgs,
  path: string,
  report: ReportProblem,
): Trusted | undefined {
  const issuer = textOf(args.issuer, `${path}.issuer`, report);
  const namespace = parse(Label, args.namespace, `${path}.namespace`, report);
  const account = parse(DnsName, args.serviceAccount, `${path}.serviceAccount`, report);
  if (issuer === undefined || namespace === undefined || account === undefined) return undefined;
  return { issuer, subject: `system:serviceaccount:${namespace}:${account}` };
}

function matching(pattern: RegExp, what: string, hint: string) {
  const message = mustBe(what, hint);
  return v.pipe(v.string(message), v.regex(pattern, message));
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
const Project = matching(
  /^[\w.-]+(\/[\w.-]+)+$/,
  "be the project's path",
  'Give a text such as "group/project".',
);
const Host = matching(
  /^[a-z\d.-]+(:\d+)?$/i,
  "be a host name without https://",
  'Give a text such as "gitlab.contoso.com".',
);
const Label = matching(
  /^[a-z\d]([-a-z\d]{0,61}[a-z\d])?$/,
  "be the name of a namespace",
  'Give a text such as "default".',
);
const DnsName = matching(
  /^[a-z\d]([-.a-z\d]{0,251}[a-z\d])?$/,
  "be the name of a service account",
  'Give a text such as "mail-reports".',
);
const Text = matching(
  /^[^\s*]+$/,
  "be a text without spaces and *",
  "Entra compares it exactly. Give one name.",
);

function textOf(value: unknown, path: string, report: ReportProblem): string | undefined {
  return parse(Text, value, path, report);
}
