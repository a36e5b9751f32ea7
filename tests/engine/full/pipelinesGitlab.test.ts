import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";

import { commandsOf } from "../../docs/pages.ts";
import { type GitLabResult, runProposedJob, startGitLabPipeline, subjectOf } from "../pipelines/gitlabCi.ts";
import { startPlatformApi } from "../pipelines/platformApi.ts";
import {
  attack,
  failuresOf,
  longAgo,
  makeWorkplace,
  proposeRotation,
  type Workplace,
} from "../pipelines/workplace.ts";

// The scripts of examples/pipelines/gitlab, in order, as docs/pipelines/gitlab.md sets them up.
let workplace: Workplace;

beforeAll(async () => {
  workplace = await makeWorkplace("gitlab", commandsOf("docs/pipelines/gitlab.md"), {
    deployer: subjectOf("main"),
    reader: subjectOf("main"),
    previewer: subjectOf("proposal"),
  });
});

afterAll(() => workplace.close());

const merged = { CI_PIPELINE_SOURCE: "push", CI_COMMIT_BRANCH: "main" } as const;
const nightly = (TASK: string) =>
  ({ CI_PIPELINE_SOURCE: "schedule", CI_COMMIT_BRANCH: "main", TASK }) as const;

test("a merge request is previewed without a state or a key", async () => {
  workplace.propose("refs/merge-requests/proposal/head", proposeRotation("fabrikam"));
  const { exitCode, artifacts, stdout, stderr } = await runProposedJob(workplace, "preview", "proposal");
  expect(exitCode, `${stdout}${stderr}`).toBe(0);
  expect(artifacts["preview.md"]).toMatch(
    /^<details><summary>fabrikam: changes<\/summary>\n[^]*^ {4}\+azuread:index\/applicationCertificate:ApplicationCertificate exchange-cert-2$/m,
  );
  expect(artifacts["preview.md"]).not.toContain("contoso");
});

test("no merge request deploys: the deployer does not trust its branch", async () => {
  const { run } = await startGitLabPipeline(workplace, merged, "proposal");
  // With what the variables of main would give it.
  const { secrets, variables } = workplace.store.production;
  const { exitCode, stdout, stderr } = await run("stacks contoso", { ...variables, ...secrets });
  expect(exitCode).toBe(3);
  expect(stdout + stderr).toContain("AADSTS700213");
});

test("a merge request's pipeline gets no protected variable, whatever environment its jobs name", async () => {
  workplace.propose("refs/merge-requests/thief/head", (folder) => {
    const file = join(folder, ".gitlab-ci.yml");
    const stolen = ["read", "rotate", "production"].map(
      (environment) =>
        `\nsteal-${environment}:\n  environment: ${environment}\n  rules: [{ if: $CI_PIPELINE_SOURCE == "merge_request_event" }]\n  script: ["env | grep -E 'PULUMI_(ACCESS_TOKEN|BACKEND_URL|CONFIG_PASSPHRASE)|PUSH_TOKEN'"]\n`,
    );
    appendFileSync(file, stolen.join(""));
  });
  for (const job of ["read", "rotate", "production"]) {
    const { exitCode, stdout } = await runProposedJob(workplace, `steal-${job}`, "thief");
    expect({ job, exitCode, stdout }).toEqual({ job, exitCode: 1, stdout: "" });
  }
});

test("what is merged is deployed, stack by stack", async () => {
  const { child, run } = await startGitLabPipeline(workplace, merged);
  expect(child).toBe("deploy");
  const two = await run("stacks contoso", { STACKS: "contoso fabrikam" });
  expect(two.exitCode, `${two.stdout}${two.stderr}`).toBe(0);
  expect(two.artifacts["deployment.md"]).toBe(
    "| stack | deployment |\n| --- | --- |\n| contoso | done |\n| fabrikam | done |\n",
  );
  const old = await run("stacks tailspin", longAgo());
  expect(old.exitCode, `${old.stdout}${old.stderr}`).toBe(0);
});

test("a rotation that is due becomes one merge request, however often it runs", async () => {
  const options = `${workplace.folder}/pushOptions`;
  workplace.onPush(
    `for i in $(seq 0 $((GIT_PUSH_OPTION_COUNT - 1))); do printenv "GIT_PUSH_OPTION_$i"; done >> "${options}"`,
  );
  const { child, run } = await startGitLabPipeline(workplace, nightly("rotate"));
  expect(child).toBe("rotate");
  const first = await run("stacks contoso", { STACKS: "contoso tailspin" });
  expect(first.exitCode, `${first.stdout}${first.stderr}`).toBe(0);
  expect((await run("stacks tailspin")).exitCode).toBe(0);
  expect(readFileSync(options, "utf8").trim().split("\n")).toEqual([
    "merge_request.create",
    "merge_request.target=main",
    "merge_request.title=Rotate the certificate of tailspin",
    "merge_request.remove_source_branch",
  ]);
  const branch = "exo-auth/rotate-tailspin";
  expect(workplace.git("for-each-ref", "--format=%(refname:short)", "refs/heads")).toBe(`${branch}\nmain`);
  expect(workplace.git("diff", "--name-only", "main", branch)).toBe("Pulumi.tailspin.yaml");
});

test("nothing found: the tests pass, and a certificate that ends within 30 days fails the job all the same", async () => {
  const { child, run } = await startGitLabPipeline(workplace, nightly("check"));
  expect(child).toBe("check");
  const clean = await run("stacks contoso", { STACKS: "contoso fabrikam" });
  expect(clean.exitCode, `${clean.stdout}${clean.stderr}`).toBe(0);
  expect(Object.keys(clean.artifacts)).toEqual([
    "reports/audit/contoso.xml",
    "reports/audit/fabrikam.xml",
    "reports/drift/contoso.xml",
    "reports/drift/fabrikam.xml",
    "reports/fleet/contoso.json",
    "reports/fleet/fabrikam.json",
  ]);
  expect(Object.values(clean.artifacts).flatMap(failuresOf)).toEqual([]);
  const ending = await run("stacks tailspin");
  expect(ending.exitCode).toBe(7);
  expect(ending.stderr).toContain("tailspin: a certificate or a role ends within 30d\n");
});

test("an attacker's client secrets, on the application and on the reader, are all that fails", async () => {
  const takeBack = await attack(workplace);
  const { run } = await startGitLabPipeline(workplace, nightly("check"));
  const { exitCode, artifacts } = await run("stacks contoso", { STACKS: "contoso fabrikam" });
  expect(exitCode).toBe(7);
  const failures = Object.entries(artifacts)
    .filter(([file]) => file.endsWith(".xml"))
    .map(([file, report]) => [file, failuresOf(report)]);
  expect(Object.fromEntries(failures)).toEqual({
    "reports/audit/contoso.xml": ["failure EXO-AUDIT-APPLICATION-PASSWORD", "failure EXO-IDENTITY-SECRET"],
    "reports/audit/fabrikam.xml": [],
    "reports/drift/contoso.xml": [],
    "reports/drift/fabrikam.xml": [],
  });
  await takeBack();
});

test("the page of every stack is kept, and one confidential issue says what is new", async () => {
  let [kept, open, pages]: readonly [string | undefined, readonly unknown[], string] = [
    undefined,
    [],
    "private",
  ];
  const jobs = [
    { id: 99, name: "fleet", ref: "somebody", tag: false, artifacts_file: {} },
    { id: 98, name: "fleet", ref: "main", tag: false },
    { id: 41, name: "fleet", ref: "main", tag: false, artifacts_file: {} },
  ];
  const api = await startPlatformApi(({ asked }) => {
    if (asked.includes("/artifacts/")) return kept;
    if (asked.includes("/jobs?")) return kept === undefined ? jobs.slice(0, 2) : jobs;
    if (asked.startsWith("GET") && asked.includes("/issues?")) return open;
    return { pages_access_level: pages };
  });
  onTestFinished(() => api.close());
  const env = { CI_API_V4_URL: `${api.url}api/v4` };
  const night = async (): Promise<GitLabResult> => {
    const { run } = await startGitLabPipeline(workplace, nightly("check"));
    // The job of tailspin left nothing.
    const checked = [await run("stacks contoso"), await run("stacks fabrikam")];
    return run("fleet", env, checked);
  };
  const sent = (): readonly unknown[] =>
    api.requests.filter(({ asked }) => asked.startsWith("POST")).map(({ asked, body }) => [asked, body]);
  const takeBack = await attack(workplace);
  const first = await night();
  expect(first.exitCode, `${first.stdout}${first.stderr}`).toBe(0);
  expect(first.artifacts["fleet.md"]).toMatch(
    /^## exo-auth fleet report: 3 stacks: 1 not read, 1 with findings, 1 in order\n/,
  );
  expect(first.artifacts["reports/fleet/fleet.html"]).toContain("<title>Fleet: 3 stacks</title>");
  expect(sent()).toEqual([
    [
      "POST /api/v4/projects/1/issues",
      {
        title: "exo-auth: what the nightly check found",
        description: expect.stringMatching(
          /^### New\n\n- critical: contoso: Client secret on the application \\\([-\da-f]{36}\\\)\n- high: contoso: [^]*\nThe page is in the artifact `fleet` of https:\/\/gitlab\.com\/contoso\/exchange\/-\/jobs\/42\n$/,
        ),
        labels: "exo-auth",
        confidential: true,
      },
    ],
  ]);

  [kept, open] = [first.artifacts["reports/fleet/findings.history"], [{ iid: 7 }]];
  expect((await night()).exitCode).toBe(0);
  expect(
    api.requests.some(({ asked }) => asked.endsWith("/jobs/41/artifacts/reports/fleet/findings.history")),
  ).toBe(true);
  expect(sent()).toHaveLength(1);
  await takeBack();
  const takeBackAgain = await attack(workplace);
  expect((await night()).artifacts["fleet.md"]).toMatch(/^### Resolved$/m);
  expect(sent().at(-1)).toEqual([
    "POST /api/v4/projects/1/issues/7/notes",
    { body: expect.stringContaining("### New"), internal: true },
  ]);
  await takeBackAgain();
  expect(api.requests.every(({ token }) => token === "the project's token for issues")).toBe(true);

  const { run } = await startGitLabPipeline(workplace, nightly("check"));
  const site = await run("pages", env, [first]);
  expect(site.artifacts["public/index.html"], `${site.stdout}${site.stderr}`).toBe(
    first.artifacts["reports/fleet/fleet.html"],
  );
  const refusals = async (changes: NodeJS.ProcessEnv): Promise<readonly unknown[]> => {
    const { exitCode, stderr, artifacts } = await run("pages", { ...env, ...changes }, [first]);
    return [exitCode, stderr.trim().split("lists weaknesses, so it does not go to Pages: ")[1], artifacts];
  };
  expect(await refusals({ CI_SERVER_HOST: "gitlab.contoso.com" })).toEqual([
    1,
    "whether gitlab.contoso.com has access control for Pages, only its administrators can read",
    {},
  ]);
  pages = "enabled";
  expect(await refusals({})).toEqual([
    1,
    '`pages_access_level` of the project must be "private", got "enabled"',
    {},
  ]);
});
