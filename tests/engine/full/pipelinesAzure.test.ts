import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";

import { commandsOf } from "../../docs/pages.ts";
import { type AzureJob, type AzureResult, runAzureJob, subjectOf } from "../pipelines/azurePipelines.ts";
import { startPlatformApi } from "../pipelines/platformApi.ts";
import {
  attack,
  failuresOf,
  longAgo,
  makeWorkplace,
  proposeRotation,
  tenants,
  type Workplace,
} from "../pipelines/workplace.ts";

// The steps of examples/pipelines/azure, in order, as docs/pipelines/azure.md sets them up.
let workplace: Workplace;
let list: Readonly<Record<string, string>>;

beforeAll(async () => {
  workplace = await makeWorkplace("azure", commandsOf("docs/pipelines/azure.md"), {
    deployer: subjectOf("exchange-deploy"),
    reader: subjectOf("exchange-read"),
    previewer: subjectOf("exchange-preview"),
  });
  ({ outputs: list } = await run("deploy.yml", "stacks"));
});

afterAll(() => workplace.close());

/** Runs a job, of the main branch unless it is said otherwise. */
function run(pipeline: string, job: string, changes: Partial<AzureJob> = {}): Promise<AzureResult> {
  const reason = pipeline === "deploy.yml" ? "IndividualCI" : "Schedule";
  return runAzureJob(workplace, { pipeline, job, reason, branch: "refs/heads/main", list, ...changes });
}

const leg = (stacks: string): Partial<AzureJob> => ({ leg: { stacks } });
const proposed = { reason: "PullRequest", branch: "refs/pull/7/merge" } as const;

test("the stacks are the legs of every job", async () => {
  const legs = Object.fromEntries(Object.keys(tenants).map((name) => [`stack_${name}`, { stacks: name }]));
  expect((await run("check.yml", "expiry", { leg: { stacks: "" } })).legs).toEqual(legs);
});

test("a pull request is previewed without a state or a key", async () => {
  workplace.propose(proposed.branch, proposeRotation("fabrikam"));
  const preview = await run("preview.yml", "preview", proposed);
  expect(preview.result, `It printed:\n${text(preview)}`).toBe("succeeded");
  expect(preview.summary).toMatch(
    /^<details><summary>fabrikam: changes<\/summary>\n[^]*^ {4}\+azuread:index\/applicationCertificate:ApplicationCertificate exchange-cert-2$/m,
  );
  expect(preview.summary).not.toContain("contoso");
});

test.each([
  ["check.yml", "check"],
  ["rotate.yml", "rotate"],
  ["deploy.yml", "deploy"],
])("%s gets nothing from the store for another branch than main", async (pipeline, job) => {
  await expect(run(pipeline, job, { ...proposed, ...leg("contoso") })).rejects.toThrow(
    /^refs\/pull\/7\/merge is not allowed to use \w+\.$/,
  );
});

test("what is merged is deployed, stack by stack, each with a token of its own", async () => {
  const two = await run("deploy.yml", "deploy", leg("contoso fabrikam"));
  expect(two.result, `It printed:\n${text(two)}`).toBe("succeeded");
  expect(two.summary).toBe(
    "| stack | deployment |\n| --- | --- |\n| contoso | done |\n| fabrikam | done |\n",
  );
  const old = await run("deploy.yml", "deploy", { ...leg("tailspin"), env: longAgo() });
  expect(old.result, `It printed:\n${text(old)}`).toBe("succeeded");
});

test("a certificate that ends within 30 days is an error beside the job", async () => {
  expect((await run("check.yml", "expiry", leg("contoso fabrikam"))).result).toBe("succeeded");
  const { runs, issues } = await run("check.yml", "expiry", leg("contoso tailspin"));
  expect(runs.at(-1)?.exitCode).toBe(7);
  expect(issues).toEqual(["tailspin: a certificate or a role ends within 30d"]);
});

test("a rotation that is due becomes one pull request, however often it runs", async () => {
  const branch = "exo-auth/rotate-tailspin";
  const first = await run("rotate.yml", "rotate", leg("contoso tailspin"));
  expect(first.result, `It printed:\n${text(first)}`).toBe("succeeded");
  const pushed = workplace.git("rev-parse", branch);
  expect((await run("rotate.yml", "rotate", leg("contoso tailspin"))).result).toBe("succeeded");
  expect(workplace.git("rev-parse", branch)).toBe(pushed);
  expect(workplace.git("diff", "--name-only", "main", branch)).toBe("Pulumi.tailspin.yaml");
  const where = [
    "--detect",
    "false",
    "--org",
    "https://dev.azure.com/contoso/",
    "--project",
    "Exchange",
    "--repository",
    "exchange",
  ];
  const asked = [
    "repos",
    "pr",
    "list",
    "--source-branch",
    branch,
    "--status",
    "active",
    "--query",
    "length(@)",
    ...where,
  ];
  const created = [
    "repos",
    "pr",
    "create",
    "--target-branch",
    "main",
    "--source-branch",
    branch,
    "--title",
    "Rotate the certificate of tailspin",
    "--description",
    expect.stringContaining("generation"),
    "--output",
    "none",
    ...where,
  ];
  expect(workplace.calls("az")).toEqual([asked, created, asked]);
});

test("nothing found: the tests pass", async () => {
  const kept = {
    ...(await privateProject()),
    artifacts: join(workplace.folder, "artifacts of an untouched night"),
  };
  const { result, tests, issues, runs } = await run("check.yml", "check", {
    ...leg("contoso fabrikam"),
    ...kept,
  });
  expect(result, `It printed:\n${text({ runs })}`).toBe("succeeded");
  expect(Object.keys(tests)).toEqual([
    "reports/audit/contoso.xml",
    "reports/audit/fabrikam.xml",
    "reports/drift/contoso.xml",
    "reports/drift/fabrikam.xml",
  ]);
  expect(Object.values(tests).flatMap(failuresOf)).toEqual([]);
  expect(issues).toEqual([]);
});

test("an attacker's client secrets, on the application and on the reader, are all that fails", async () => {
  const takeBack = await attack(workplace);
  const kept = {
    ...(await privateProject()),
    artifacts: join(workplace.folder, "artifacts of an attacked night"),
  };
  const { tests, runs, summary, issues } = await run("check.yml", "check", {
    ...leg("contoso fabrikam"),
    ...kept,
  });
  expect(runs.find(({ exitCode }) => exitCode !== 0)?.exitCode).toBe(7);
  expect(
    Object.fromEntries(Object.entries(tests).map(([file, report]) => [file, failuresOf(report)])),
  ).toEqual({
    "reports/audit/contoso.xml": ["failure EXO-AUDIT-APPLICATION-PASSWORD", "failure EXO-IDENTITY-SECRET"],
    "reports/audit/fabrikam.xml": [],
    "reports/drift/contoso.xml": [],
    "reports/drift/fabrikam.xml": [],
  });
  expect(issues).toEqual(["contoso: the check ended with exit code 7"]);
  expect(summary).toContain("| contoso | **findings** |");
  await takeBack();
});

test("the page of every stack is kept, and one work item says what is new", async () => {
  const artifacts = join(workplace.folder, "artifacts");
  mkdirSync(artifacts);
  let [last, open]: readonly unknown[] = [[], []];
  const api = await startPlatformApi(({ asked }) => {
    if (asked.includes("/_apis/projects/")) return { visibility: "private" };
    if (asked.includes("/_apis/build/builds")) return { value: last };
    return asked.includes("/wiql") ? { workItems: open } : {};
  });
  onTestFinished(() => api.close());
  const env = { SYSTEM_COLLECTIONURI: api.url };
  const night = async (): Promise<AzureResult> => {
    for (const stacks of ["contoso", "fabrikam"])
      await run("check.yml", "check", { ...leg(stacks), env, artifacts });
    return run("check.yml", "fleet", { env, artifacts });
  };
  const sent = (): readonly unknown[] =>
    api.requests.filter(({ asked }) => asked.includes("workitems/")).map(({ asked, body }) => [asked, body]);
  const takeBack = await attack(workplace);
  const first = await night();
  expect(first.result, `It printed:\n${text(first)}`).toBe("succeeded");
  expect(first.summary).toMatch(
    /^## exo-auth fleet report: 3 stacks: 1 not read, 1 with findings, 1 in order\n/,
  );
  expect(first.tags).toEqual(["fleet"]);
  expect(readFileSync(join(artifacts, "fleet", "fleet.html"), "utf8")).toContain(
    "<title>Fleet: 3 stacks</title>",
  );
  expect(api.requests.map(({ asked }) => asked).filter((asked) => asked.includes("/build/"))).toEqual([
    "GET /the-project/_apis/build/builds?definitions=3&branchName=refs/heads/main&tagFilters=fleet&statusFilter=completed&queryOrder=finishTimeDescending&$top=1&api-version=7.1",
  ]);
  expect(sent()).toEqual([
    [
      "POST /the-project/_apis/wit/workitems/$Task?api-version=7.1",
      [
        { op: "add", path: "/fields/System.Title", value: "exo-auth: what the nightly check found" },
        {
          op: "add",
          path: "/fields/System.Description",
          value: expect.stringMatching(
            /^<pre>### New\n\n- critical: contoso: Client secret on the application \([-\da-f]{36}\)\n- high: contoso: [^]*<\/pre><p><a href="http.*the-project\/_build\/results\?buildId=42">/,
          ),
        },
        { op: "add", path: "/fields/System.Tags", value: "exo-auth" },
      ],
    ],
  ]);

  [last, open] = [[{ id: 41 }], [{ id: 7 }]];
  expect((await night()).result).toBe("succeeded");
  expect(sent()).toHaveLength(1);
  await takeBack();
  const takeBackAgain = await attack(workplace);
  expect((await night()).summary).toMatch(/^### Resolved$/m);
  expect(sent().at(-1)).toEqual([
    "PATCH /the-project/_apis/wit/workitems/7?api-version=7.1",
    [{ op: "add", path: "/fields/System.History", value: expect.stringContaining("### New") }],
  ]);
  await takeBackAgain();
  expect(api.requests.every(({ token }) => /^Bearer ./.test(token ?? ""))).toBe(true);
});

test.each(["public", undefined])(
  "a project whose visibility is %j keeps no page and creates no work item",
  async (visibility) => {
    const artifacts = join(workplace.folder, "artifacts of a public project");
    const api = await startPlatformApi(({ asked }) =>
      asked.includes("/_apis/projects/") && visibility !== undefined ? { visibility } : undefined,
    );
    onTestFinished(() => api.close());
    const env = { SYSTEM_COLLECTIONURI: api.url };
    await run("check.yml", "check", { ...leg("contoso"), env, artifacts });
    const { result, summary, issues, tags } = await run("check.yml", "fleet", { env, artifacts });
    expect({ result, summary, tags }).toEqual({ result: "succeeded", summary: "", tags: [] });
    expect(issues).toEqual([expect.stringMatching(/^The fleet's page lists weaknesses, /)]);
    expect(issues[0]).toMatch(visibility === undefined ? /Visibility: unknown$/ : /Visibility: public$/);
    expect(existsSync(artifacts)).toBe(false);
    expect(api.requests.map(({ asked }) => asked)).toEqual(
      ["check", "fleet"].map(() => "GET /_apis/projects/the-project?api-version=7.1"),
    );
  },
);

/** The environment of a project that only its members see. */
async function privateProject(): Promise<{ readonly env: { readonly SYSTEM_COLLECTIONURI: string } }> {
  const api = await startPlatformApi(({ asked }) =>
    asked.includes("/_apis/projects/") ? { visibility: "private" } : undefined,
  );
  onTestFinished(() => api.close());
  return { env: { SYSTEM_COLLECTIONURI: api.url } };
}

function text({ runs }: Pick<AzureResult, "runs">): string {
  return runs.map(({ stdout, stderr }) => stdout + stderr).join("\n");
}
