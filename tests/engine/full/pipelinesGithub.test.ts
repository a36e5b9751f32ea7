import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { repository } from "../../../sandbox/workspace/sandboxFolder.ts";
import { commandsOf } from "../../docs/pages.ts";
import {
  type GitHubEvent,
  type GitHubJob,
  type GitHubResult,
  gitHubActions,
  subjectOf,
} from "../pipelines/githubActions.ts";
import {
  attack,
  longAgo,
  makeWorkplace,
  proposeRotation,
  tenants,
  type Workplace,
} from "../pipelines/workplace.ts";

// The steps of examples/pipelines/github, in order, as docs/pipelines/github.md sets them up.
let workplace: Workplace;
let run: (job: GitHubJob) => Promise<GitHubResult>;

const proposed: GitHubEvent = {
  event_name: "pull_request",
  ref: "refs/pull/7/merge",
  event: { pull_request: { number: 7, head: { repo: { full_name: "contoso/exchange" } } } },
};
const merged: GitHubEvent = { event_name: "push", ref: "refs/heads/main", event: {} };
const nightly: GitHubEvent = { event_name: "schedule", ref: "refs/heads/main", event: {} };

beforeAll(async () => {
  workplace = await makeWorkplace("github", commandsOf("docs/pipelines/github.md"), {
    deployer: subjectOf("production"),
    reader: subjectOf("read"),
    previewer: subjectOf("preview"),
  });
  run = gitHubActions(workplace);
});

afterAll(() => workplace.close());

/** A job that the list of stacks comes before. */
function after(list: GitHubResult, stacks: string): Pick<GitHubJob, "needs" | "matrix"> {
  const needs = { stacks: { result: list.result, outputs: list.outputs } };
  return { needs, matrix: { name: stacks, stacks } };
}

test("the stacks are listed for a matrix", async () => {
  const list = await run({ workflow: "deploy.yml", job: "stacks", github: merged });
  expect(list.result).toBe("success");
  expect(JSON.parse(list.outputs["matrix"]!)).toEqual({
    include: Object.keys(tenants).map((name) => ({ name, stacks: name })),
  });
  expect(workplace.calls("npm").at(-1)).toEqual(["ci", "--ignore-scripts"]);
});

test("a Pulumi or a plugin that is not what was pinned never runs, and no later step does", async () => {
  const releases = join(workplace.folder, "releases");
  for (const archive of globSync("*.tar.gz", { cwd: releases })) {
    const file = join(releases, archive);
    const before = readFileSync(file);
    writeFileSync(file, Buffer.concat([before, Buffer.from("\0")]));
    const list = await run({ workflow: "deploy.yml", job: "stacks", github: merged });
    writeFileSync(file, before);
    expect([list.result, list.runs.length]).toEqual(["failure", 1]);
    expect(text(list)).toContain(`${archive}: FAILED`);
  }
});

test("a pull request is previewed in one comment, without a state or a key", async () => {
  workplace.propose(proposed.ref, proposeRotation("fabrikam"));
  const common = { workflow: "preview.yml", github: proposed };
  const preview = await run({ ...common, job: "preview" });
  expect(preview.result, `It printed:\n${text(preview)}`).toBe("success");
  // Only the settings of one stack change.
  expect(preview.summary).toMatch(/^<details><summary>fabrikam: changes<\/summary>$/m);
  expect(preview.summary.match(/<summary>/g)).toHaveLength(1);
  const added = preview.summary.split("\n").filter((line) => /^ {4}[+-]\w/.test(line));
  expect(added.map((line) => line.trim())).toEqual([
    "+azuread:index/applicationCertificate:ApplicationCertificate exchange-cert-2",
    "+exchange-auth:index:AppCertificate exchange-cert-2",
    "+random:index/randomPassword:RandomPassword exchange-cert-2-pfx-password",
    "+random:index/randomUuid:RandomUuid exchange-cert-2-key-id",
    "+tls:index/privateKey:PrivateKey exchange-cert-2-key",
    "+tls:index/selfSignedCert:SelfSignedCert exchange-cert-2",
  ]);

  const comment = await run({ ...common, job: "comment", needs: { preview: { result: preview.result } } });
  expect(comment.result, `It printed:\n${text(comment)}`).toBe("success");
  expect(workplace.calls("gh")).toEqual([
    ["pr", "comment", "7", "--edit-last", "--create-if-none", "--body-file", "comment.md"],
  ]);
  expect(readFileSync(join(comment.folder, "comment.md"), "utf8")).toBe(preview.summary);
});

test("a program that cannot be planned fails the preview, and says why", async () => {
  const github = { ...proposed, ref: "refs/pull/9/merge" };
  workplace.propose(github.ref, (folder) =>
    appendFileSync(join(folder, "index.ts"), 'throw new Error("not a program");\n'),
  );
  const { result, summary, runs } = await run({ workflow: "preview.yml", job: "preview", github });
  expect({ result, failed: summary.match(/\*\*the preview failed\*\*/g)?.length }).toEqual({
    result: "failure",
    failed: Object.keys(tenants).length,
  });
  expect(summary).toContain("    What is there after the change cannot be planned:");
  expect(summary).toContain("not a program");
  expect(runs.at(-2)?.stdout).toMatch(/^::error::contoso: the preview failed with exit code \d+$/m);
});

test.each([
  ["read", "check.yml", "check"],
  ["rotate", "rotate.yml", "rotate"],
  ["production", "deploy.yml", "deploy"],
])("what a pull request makes of the workflows does not get into %s", async (_, workflow, job) => {
  workplace.propose(`refs/pull/10/${job}`, (folder) => {
    const file = join(folder, ".github", "workflows", workflow);
    writeFileSync(file, readFileSync(file, "utf8").replace(/^on:$/m, "on:\n  pull_request:"));
  });
  const github = { ...proposed, ref: `refs/pull/10/${job}` };
  await expect(run({ workflow, job, github, matrix: { name: "a", stacks: "contoso" } })).rejects.toThrow(
    /^refs\/pull\/10\/\w+ is not allowed to use \w+\.$/,
  );
});

test("what somebody else's fork proposes gets nothing", async () => {
  const event = { pull_request: { number: 8, head: { repo: { full_name: "evil/exchange" } } } };
  const common = { workflow: "preview.yml", github: { ...proposed, event } };
  const { result } = await run({ ...common, job: "preview" });
  expect(result).toBe("skipped");
  const needs = { preview: { result } };
  expect((await run({ ...common, job: "comment", needs })).result).toBe("skipped");
});

test("what is merged is deployed, stack by stack", async () => {
  const list = await run({ workflow: "deploy.yml", job: "stacks", github: merged });
  const common = { workflow: "deploy.yml", job: "deploy", github: merged };
  const two = await run({ ...common, ...after(list, "contoso fabrikam") });
  expect(two.result, `It printed:\n${text(two)}`).toBe("success");
  expect(two.summary).toBe(
    "| stack | deployment |\n| --- | --- |\n| contoso | done |\n| fabrikam | done |\n",
  );
  const old = await run({ ...common, ...after(list, "tailspin"), env: longAgo() });
  expect(old.result, `It printed:\n${text(old)}`).toBe("success");
});

/** One night's look at stacks: the exit code, the rules of each report, and the categories. */
async function check(stacks: string): Promise<Record<string, unknown>> {
  const list = await run({ workflow: "check.yml", job: "stacks", github: nightly });
  const night = { workflow: "check.yml", job: "check", github: nightly, ...after(list, stacks) };
  const { runs, sarif, summary } = await run(night);
  const rules = Object.entries(sarif).map(([name, log]) => [
    name,
    log.runs[0]?.results.map(({ ruleId }) => ruleId),
  ]);
  const categories = Object.values(sarif).map((log) => log.runs[0]?.automationDetails.id);
  return { exitCode: runs.at(-1)?.exitCode, rules: Object.fromEntries(rules), categories, summary };
}

test("nothing found: no alert", async () => {
  expect(await check("contoso fabrikam")).toEqual({
    exitCode: 0,
    rules: {
      "drift/contoso.sarif": [],
      "drift/fabrikam.sarif": [],
      "audit/contoso.sarif": [],
      "audit/fabrikam.sarif": [],
    },
    categories: [
      "exchange/contoso/drift/",
      "exchange/fabrikam/drift/",
      "exchange/contoso/audit/",
      "exchange/fabrikam/audit/",
    ],
    summary: "| stack | check |\n| --- | --- |\n| contoso | nothing found |\n| fabrikam | nothing found |\n",
  });
});

test("a certificate that ends within 30 days is told, and no other", async () => {
  const list = await run({ workflow: "check.yml", job: "stacks", github: nightly });
  const common = { workflow: "check.yml", job: "expiry", github: nightly };
  expect((await run({ ...common, ...after(list, "contoso fabrikam") })).result).toBe("success");
  const { runs, summary } = await run({ ...common, ...after(list, "contoso tailspin") });
  expect(runs.at(-1)?.exitCode).toBe(7);
  expect(runs.at(-1)?.stdout).toMatch(/^::error::tailspin: a certificate or a role ends within 30d$/m);
  expect(summary).toBe("- tailspin: a certificate or a role ends within 30d\n");
});

test("a rotation that is due becomes one pull request, however often it runs", async () => {
  const list = await run({ workflow: "rotate.yml", job: "stacks", github: nightly });
  const job = { workflow: "rotate.yml", job: "rotate", github: nightly, ...after(list, "contoso tailspin") };
  const before = workplace.calls("gh").length;
  const first = await run(job);
  expect(first.result, `It printed:\n${text(first)}`).toBe("success");
  const branch = "exo-auth/rotate-tailspin";
  const pushed = workplace.git("rev-parse", branch);
  expect((await run(job)).result).toBe("success");
  expect(workplace.git("rev-parse", branch)).toBe(pushed);
  expect(workplace.git("for-each-ref", "--format=%(refname:short)", "refs/heads")).toBe(`${branch}\nmain`);
  expect(workplace.git("diff", "--name-only", "main", branch)).toBe("Pulumi.tailspin.yaml");
  expect(workplace.git("diff", "main", branch)).toMatch(
    /^\+ +generations:\n\+ +- name: "1"\n\+ +- name: "2"$/m,
  );
  const list7 = ["pr", "list", "--head", branch, "--state", "open", "--json", "number", "--jq", "length"];
  const [asked, created, again, ...rest] = workplace.calls("gh").slice(before);
  expect([asked, again, rest]).toEqual([list7, list7, []]);
  expect(created?.slice(0, 9)).toEqual([
    "pr",
    "create",
    "--base",
    "main",
    "--head",
    branch,
    "--title",
    "Rotate the certificate of tailspin",
    "--body",
  ]);
  expect(created?.[9]).toContain("generation");
});

test("an attacker's client secrets, on the application and on the reader, are all that is found, and the reports of the others stay clean", async () => {
  const takeBack = await attack(workplace);
  expect(await check("contoso fabrikam")).toMatchObject({
    exitCode: 7,
    rules: {
      "drift/contoso.sarif": [],
      "drift/fabrikam.sarif": [],
      "audit/contoso.sarif": ["EXO-AUDIT-APPLICATION-PASSWORD", "EXO-IDENTITY-SECRET"],
      "audit/fabrikam.sarif": [],
    },
    summary: expect.stringContaining("| contoso | **findings** |"),
  });
  await takeBack();
});

const asksArtifacts = "actions/artifacts?name=fleet-history";
const asksVisibility = "repos/contoso/exchange --jq .visibility";
const asksPages = "repos/contoso/exchange/pages --jq .public";

test("the page of every stack is kept, and one issue says what is new", async () => {
  workplace.answer("gh", { [asksVisibility]: "private", [asksArtifacts]: "" });
  const night = async (): Promise<GitHubResult> => {
    const list = await run({ workflow: "check.yml", job: "stacks", github: nightly });
    const common = { workflow: "check.yml", github: nightly };
    for (const [index, stacks] of ["contoso", "fabrikam"].entries())
      await run({ ...common, job: "check", index, ...after(list, stacks) });
    // The job of tailspin left nothing.
    const { needs } = after(list, "");
    return run({ ...common, job: "fleet", needs: { ...needs, check: { result: "failure" } } });
  };
  const takeBack = await attack(workplace);
  const before = workplace.calls("gh").length;
  const first = await night();
  expect(first.result, `It printed:\n${text(first)}`).toBe("success");
  expect(first.summary).toMatch(
    /^## exo-auth fleet report: 3 stacks: 1 not read, 1 with findings, 1 in order\n/,
  );
  expect(first.summary).toMatch(/^\| tailspin \| +\| not read \| .*\| never +\|$/m);
  const page = readFileSync(join(first.folder, "fleet", "fleet.html"), "utf8");
  expect(page).toContain("<title>Fleet: 3 stacks</title>");
  expect(issueCalls(before)).toEqual([
    [
      "issue",
      "list",
      "--app",
      "github-actions",
      "--state",
      "open",
      "--limit",
      "1000",
      "--json",
      "number,title",
      "--jq",
      "map(select(.title == env.TITLE))[0].number // empty",
    ],
    ["issue", "create", "--title", "exo-auth: what the nightly check found", "--body-file", "new.md"],
  ]);
  const [issue = ""] = workplace.issueTexts("gh");
  expect(issue.split("\n").filter((line) => line !== "")).toEqual([
    "### New",
    expect.stringMatching(/^- critical: contoso: Client secret on the application \\\([-\da-f]{36}\\\)$/),
    expect.stringMatching(/^- high: contoso: Client secret of a deploying or reading identity \\\(/),
    "The page is in the artifact `fleet` of https://github.com/contoso/exchange/actions/runs/42",
  ]);

  // The night after knows what the night before kept: there is nothing to tell.
  workplace.answer("gh", { [asksVisibility]: "private", [asksArtifacts]: "41" });
  const quiet = workplace.calls("gh").length;
  expect((await night()).result).toBe("success");
  expect(issueCalls(quiet)).toEqual([]);
  await takeBack();
  const takeBackAgain = await attack(workplace);
  const third = workplace.calls("gh").length;
  const { summary } = await night();
  expect(summary).toMatch(/^### Resolved$/m);
  expect(issueCalls(third).at(-1)).toEqual(["issue", "comment", "1", "--body-file", "new.md"]);
  await takeBackAgain();

  const pages = async (answer: string): Promise<GitHubResult> => {
    workplace.answer("gh", { [asksPages]: answer });
    const vars = { FLEET_PAGES: "true" };
    return run({ workflow: "check.yml", job: "pages", github: nightly, vars, needs: { fleet: first } });
  };
  const refused = await pages("true");
  expect([refused.result, refused.site]).toEqual(["failure", undefined]);
  expect(text(refused)).toContain(
    "::error::The fleet's page lists weaknesses, so it does not go to Pages: the site is public. Only GitHub Enterprise Cloud has private ones",
  );
  expect((await pages("false")).site).toContain("<title>Fleet: 3 stacks</title>");
  const unset = { workflow: "check.yml", job: "pages", github: nightly, needs: { fleet: first } };
  expect((await run(unset)).result).toBe("skipped");
});

test("a public repository keeps no page and opens no issue", async () => {
  workplace.answer("gh", { [asksVisibility]: "public" });
  const list = await run({ workflow: "check.yml", job: "stacks", github: nightly });
  expect(list.outputs["visibility"]).toBe("public");
  expect(text(list)).toContain("::error::The fleet's page lists weaknesses");
  const { needs } = after(list, "");
  const github = { workflow: "check.yml", job: "fleet", github: nightly };
  expect((await run({ ...github, needs: { ...needs, check: { result: "success" } } })).result).toBe(
    "skipped",
  );
});

function issueCalls(since: number): readonly (readonly string[])[] {
  return workplace
    .calls("gh")
    .slice(since)
    .filter(([command]) => command === "issue");
}

test("what cannot be read goes before what was found", async () => {
  const fault = workplace.sandbox.tenant.faults.refuse(
    { path: /\/servicePrincipals\/[^/]+$/ },
    { status: 503 },
  );
  expect(await check("contoso")).toMatchObject({ exitCode: 1 });
  expect(fault.hits).toBeGreaterThan(0);
  workplace.sandbox.tenant.faults.clear();
});

test("a stack that fails does not stop the others, and the job fails", async () => {
  const list = await run({ workflow: "deploy.yml", job: "stacks", github: merged });
  const job = { workflow: "deploy.yml", job: "deploy", github: merged, ...after(list, "nobody contoso") };
  const { result, runs, summary } = await run(job);
  expect(result).toBe("failure");
  expect(runs.at(-1)?.stdout).toContain("::error::nobody: sign-in failed");
  expect(summary).toMatch(/^\| nobody \| \*\*sign-in failed\*\*, exit code \d+ \|\n\| contoso \| done \|$/m);
});

test("policies of the main branch judge a change that takes them away, and each deployment", async () => {
  buildPack();
  workplace.propose("refs/heads/main", (folder) => {
    cpSync(join(repository, "policy/dist"), join(folder, "policies"), { recursive: true });
    writeFileSync(join(folder, "policyConfig.json"), '{ "certificate-lifetime": { "days": 364 } }\n');
  });
  const github = { ...proposed, ref: "refs/pull/11/merge" };
  workplace.propose(github.ref, (folder) => {
    rmSync(join(folder, "policies"), { recursive: true });
    rmSync(join(folder, "policyConfig.json"));
    appendFileSync(join(folder, "Pulumi.fabrikam.yaml"), "  exchange:certificate:\n    validityDays: 365\n");
  });
  const { result, summary } = await run({ workflow: "preview.yml", job: "preview", github });
  expect({
    result,
    titles: [...summary.matchAll(/<summary>(.*)<\/summary>/g)].map(([, title]) => title),
  }).toEqual({
    result: "failure",
    titles: ["contoso: no changes", "fabrikam: **the policies refuse it**", "tailspin: no changes"],
  });
  expect(summary).toContain(
    'SelfSignedCert "exchange-cert-1" is valid for 365 days, more than 364. Give the certificate a shorter lifetime.',
  );

  const list = await run({ workflow: "deploy.yml", job: "stacks", github: merged });
  const job = { workflow: "deploy.yml", job: "deploy", github: merged, ...after(list, "contoso") };
  const accepted = await run(job);
  expect(accepted.result, `It printed:\n${text(accepted)}`).toBe("success");
  expect(text(accepted)).toContain("exchange-auth-policies@v0.1.0");
  workplace.propose("refs/heads/main", (folder) =>
    writeFileSync(join(folder, "policyConfig.json"), '{ "no-keys-in-state": "mandatory" }\n'),
  );
  const refused = await run(job);
  expect(refused.result).toBe("failure");
  expect(refused.summary).toMatch(/^\| contoso \| \*\*update failed\*\*, exit code \d+ \|$/m);
  expect(text(refused)).toContain("no-keys-in-state");
});

function buildPack(): void {
  const { status } = spawnSync(process.execPath, ["scripts/policyPack.ts"], { cwd: repository });
  expect(status).toBe(0);
}

function text({ runs }: GitHubResult): string {
  return runs.map(({ stdout, stderr }) => stdout + stderr).join("\n");
}
