import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";

import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";

import { stateWords } from "../../../cli/views/fleetWords.ts";
import { type Platform, platforms } from "../../../operations/matrix/platforms.ts";
import { repository } from "../../../sandbox/workspace/sandboxFolder.ts";
import { noBrowser, openBrowser } from "../../cli/fleet/browser.ts";
import { type Fleet, type Happening, happenings, makeFleet } from "../fleetOfTenants.ts";
import { startPlatformApi } from "../pipelines/platformApi.ts";

// Fifty tenants, of which something happened to ten, each something else, checked by five parallel jobs.
const jobs = 5;
const strange = (Object.keys(happenings) as Happening[]).filter((happening) => happening !== "nothing");
let fleet: Fleet;
let shards: string;
let browser: Browser | undefined;
let page: Page;

beforeAll(async () => {
  fleet = await makeFleet([...strange, ...Array.from({ length: 40 }, () => "nothing" as const)]);
  shards = join(fleet.sandbox.folder.path, "shards");
  if (noBrowser === undefined) browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await fleet.close();
});

beforeEach(async () => {
  if (browser !== undefined) page = await browser.newPage();
});

afterEach(async () => {
  if (browser !== undefined) await page.close();
});

/** Each stack with its state, as people read it. */
function expectedStates(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    fleet.members.map(({ name, happening }) => [name, stateWords[happenings[happening]]]),
  );
}

/** The page's table, as the browser has it. */
async function shownStates(file: string): Promise<Readonly<Record<string, string>>> {
  await page.goto(pathToFileURL(file).href);
  const rows = await page.locator("#page-tenants tbody tr:visible").all();
  const pairs = rows.map(async (row) => [
    await row.locator("th").textContent(),
    await row.locator(".state").textContent(),
  ]);
  return Object.fromEntries(await Promise.all(pairs)) as Record<string, string>;
}

test("each job checks exactly the stacks that `matrix` gives it", async () => {
  expect(strange).toHaveLength(10);
  const { stdout } = await fleet.exoAuth("matrix", "--shards", String(jobs));
  const { include } = JSON.parse(stdout) as { readonly include: readonly { readonly stacks: string }[] };
  for (const [index, { stacks }] of include.entries()) {
    const out = join(shards, `shard-${index}`);
    const args = ["fleet", "check", "--shard", `${index + 1}/${jobs}`, "--out", out, "--wait", "0s"];
    const { stderr } = await fleet.exoAuth(...args);
    expect(stderr).toBe("");
    expect(readdirSync(out).toSorted()).toEqual(stacks.split(" ").map((stack) => `${stack}.json`));
  }
});

test("the page shows exactly what happened to each tenant", async ({ skip }) => {
  skip(browser === undefined, noBrowser);
  const file = join(shards, "fleet.html");
  const { exitCode, stderr } = await fleet.exoAuth("fleet", "report", shards, "--html", file);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(await shownStates(file)).toEqual(expectedStates());
  expect(await page.locator("#page-totals li").allTextContents()).toEqual([
    "3 not read",
    "5 with findings",
    "1 expiring",
    "1 never deployed",
    "0 older than a day",
    "0 checked in part",
    "40 in order",
  ]);
  const told = fleet.members.map(async ({ name, happening }) => {
    const count = await page.locator(`[id="${name}"] > ul > li`).count();
    return count === 0 ? [] : [happening];
  });
  expect((await Promise.all(told)).flat()).toEqual(strange.filter((happening) => happening !== "expiring"));
});

test.for(platforms)(
  "the step of %s makes the same page from the jobs' documents",
  async (platform, { skip }) => {
    skip(browser === undefined, noBrowser);
    const { issues, env } = await platformOf(platform);
    const cwd = mkdtempSync(join(fleet.sandbox.folder.path, "job-"));
    cpSync(shards, join(cwd, "fleet"), { recursive: true });
    const matrix = await fleet.exoAuth("matrix", "--platform", platform, "--shards", String(jobs));
    const step = join(repository, "examples/pipelines/steps/fleet.sh");
    const { exitCode, stdout, stderr } = await fleet.sandbox.run("sh", [step, "fleet"], {
      cwd,
      env: { ...fleet.sandbox.env, ...env, MATRIX: matrix.stdout, SUMMARY: "summary.md" },
    });
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    expect(await shownStates(join(cwd, "fleet", "fleet.html"))).toEqual(expectedStates());
    expect(readFileSync(join(cwd, "summary.md"), "utf8")).toMatch(
      /^## exo-auth fleet report: 50 stacks: 3 not read, 5 with findings, 1 expiring, 1 never deployed, 40 in order\n/,
    );
    const [issue, ...others] = issues();
    expect(others).toEqual([]);
    const named = fleet.members.filter(({ name }) => issue?.includes(`: ${name}: `));
    expect(named.map(({ happening }) => happenings[happening])).toEqual(named.map(() => "findings"));
    expect(named).toHaveLength(5);
  },
);

/** What a job of a platform has, and the issues that it opens. */
async function platformOf(
  platform: Platform,
): Promise<{ readonly env: NodeJS.ProcessEnv; readonly issues: () => readonly string[] }> {
  if (platform === "github") {
    const tools = mkdtempSync(join(fleet.sandbox.folder.path, "tools-"));
    // No issue is open; the text of a new one is kept.
    writeFileSync(
      join(tools, "gh"),
      `#!/bin/sh\n[ "$2" = list ] || { shift 5; cat "$1" > "${tools}/issue"; }\n`,
    );
    chmodSync(join(tools, "gh"), 0o755);
    return {
      env: {
        GITHUB_ACTIONS: "true",
        GITHUB_REPOSITORY: "contoso/exchange",
        GITHUB_RUN_ID: "42",
        GITHUB_SERVER_URL: "https://github.com",
        PATH: [tools, fleet.sandbox.env["PATH"]].join(delimiter),
      },
      issues: () => [readFileSync(join(tools, "issue"), "utf8")],
    };
  }
  const api = await startPlatformApi(({ asked }) =>
    asked.startsWith("GET") ? [] : asked.includes("/wiql") ? { workItems: [] } : {},
  );
  onTestFinished(() => api.close());
  const env =
    platform === "azure"
      ? {
          TF_BUILD: "True",
          BUILD_BUILDID: "42",
          SYSTEM_ACCESSTOKEN: "token",
          SYSTEM_COLLECTIONURI: api.url,
          SYSTEM_TEAMPROJECTID: "the-project",
        }
      : {
          GITLAB_CI: "true",
          CI_API_V4_URL: `${api.url}api/v4`,
          CI_COMMIT_BRANCH: "main",
          CI_JOB_NAME: "fleet",
          CI_JOB_URL: "https://gitlab.com/contoso/exchange/-/jobs/42",
          CI_PROJECT_ID: "1",
          FLEET_TOKEN: "token",
        };
  return {
    env,
    issues: () =>
      api.requests
        .filter(({ asked }) => /^POST .*(?:\/issues|workitems\/)/.test(asked))
        .map(({ body }) => JSON.stringify(body)),
  };
}
