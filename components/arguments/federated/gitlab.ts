import * as v from "valibot";

import { show, type ReportProblem } from "../../problems.ts";
import { mustBe, parse } from "../shape.ts";
import { environmentOf, matching, nameOf, type Trusted, type Unchecked } from "./trusted.ts";

/** A job of GitLab. */
export interface GitLabJob {
  /**
   * The project's path: `GROUP/PROJECT`. Somebody else can take a path over after the project has moved or is gone.
   *
   * @default - required, unless `subjectClaims` leaves out `project_path`
   */
  readonly project?: string;
  /**
   * The project's ID in digits, which nobody can take over.
   *
   * @default - not in the subject
   */
  readonly projectId?: string;
  /**
   * The branch that the job runs on.
   *
   * @default - a tag or an environment
   */
  readonly branch?: string;
  /**
   * The tag that the job runs on. It needs `allowWideSubject`.
   *
   * @default - a branch or an environment
   */
  readonly tag?: string;
  /**
   * The environment that the job names. The project must send it: see `subjectClaims`. If no rule protects the
   * environment, a job of any branch can name it.
   *
   * @default - not in the subject
   */
  readonly environment?: string;
  /**
   * The claims that make the subject, in their order: the project's setting `ci_id_token_sub_claim_components`. It can have
   * `project_path`, `project_id`, `ref_type`, `ref` and `environment`. The arguments must have a value for each, and none
   * more.
   *
   * @default `["project_path", "ref_type", "ref"]`
   */
  readonly subjectClaims?: string[];
  /**
   * The host of GitLab, without `https://`.
   *
   * @default "gitlab.com"
   */
  readonly host?: string;
}

const defaultClaims = ["project_path", "ref_type", "ref"];

/**
 * Which argument each claim is of. Sources: GitLab's pages "ID tokens" and "Projects API"; for `project_id`, "Use the
 * project ID as the subject" (https://docs.gitlab.com/ci/cloud_services/).
 */
const argumentsOfClaims: Readonly<Record<string, string>> = {
  project_path: "project",
  project_id: "projectId",
  ref_type: "branch or tag",
  ref: "branch or tag",
  environment: "environment",
};

/** What a job of GitLab sends; undefined after a reported problem. */
export function gitlabTrust(
  args: Unchecked<GitLabJob>,
  path: string,
  report: ReportProblem,
): Trusted | undefined {
  const host = parse(Host, args.host ?? "gitlab.com", `${path}.host`, report);
  const claims = parse(Claims, args.subjectClaims ?? defaultClaims, `${path}.subjectClaims`, report);
  const values = valuesOf(args, path, report);
  if (claims === undefined) return undefined;
  const given = new Set([...values.keys()].map((claim) => argumentsOfClaims[claim]));
  const wanted = new Set(claims.map((claim) => argumentsOfClaims[claim]));
  for (const name of wanted) {
    if (!given.has(name)) report(path, `must have ${name}, because ${sends(claims)}.`);
  }
  for (const name of given) {
    if (wanted.has(name)) continue;
    report(
      path,
      `has ${name}, but ${sends(claims)}. Set \`ci_id_token_sub_claim_components\` of the project, and \`subjectClaims\` to the same list.`,
    );
  }
  const parts = claims.map((claim) => values.get(claim) && `${claim}:${values.get(claim)}`);
  if (host === undefined || given.size !== wanted.size || parts.includes(undefined)) return undefined;
  return { issuer: `https://${host}`, subject: parts.join(":") };
}

function sends(claims: readonly string[]): string {
  return `the project's tokens have the claims ${show(claims)}`;
}

/** The value of each claim that the arguments name; undefined where it is wrong, which is reported. */
function valuesOf(
  args: Unchecked<GitLabJob>,
  path: string,
  report: ReportProblem,
): ReadonlyMap<string, string | undefined> {
  const values = new Map<string, string | undefined>();
  const { project, projectId, environment } = args;
  if (project !== undefined) values.set("project_path", parse(Project, project, `${path}.project`, report));
  if (projectId !== undefined)
    values.set("project_id", parse(ProjectId, projectId, `${path}.projectId`, report));
  if (environment !== undefined)
    values.set("environment", environmentOf(environment, `${path}.environment`, report));
  const [only, another] = (["branch", "tag"] as const).filter((key) => args[key] !== undefined);
  if (another !== undefined) report(path, "must have only one of branch and tag.");
  if (only !== undefined) {
    values.set("ref_type", only);
    values.set("ref", another === undefined ? nameOf(args[only], `${path}.${only}`, report) : undefined);
  }
  return values;
}

const claimsProblem = mustBe(
  `be a list of ${Object.keys(argumentsOfClaims).join(", ")}, without repetition`,
  "Give the list that `ci_id_token_sub_claim_components` of the project has. If it has other claims, give `issuer` and `subject` of the credential.",
);
const Claims = v.pipe(
  v.array(v.picklist(Object.keys(argumentsOfClaims), claimsProblem), claimsProblem),
  v.minLength(1, claimsProblem),
  v.check((claims) => new Set(claims).size === claims.length, claimsProblem),
);

const Project = matching(
  /^[\w.-]+(\/[\w.-]+)+$/,
  "be the project's path",
  'Give a text such as "group/project".',
);
const ProjectId = matching(/^\d+$/, "be the project's ID in digits", "The project's page shows it.");
const Host = matching(
  /^[a-z\d.-]+(:\d+)?$/i,
  "be a host name without https://",
  'Give a text such as "gitlab.contoso.com".',
);
