import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { childTypes, componentType } from "../../../common/typeTokens.ts";
import { exportedComponent, exportOf } from "../../stack/exportedState.ts";
import { type CliFolder, makeCliFolder } from "../cliProcess.ts";
import { schemaErrors } from "../schemaErrors.ts";

const parent = "urn:pulumi:production::infrastructure::exchange-auth:index:ExchangeAppOnlyAuth::exchange";
const application =
  "urn:pulumi:production::infrastructure::exchange-auth:index:ExchangeAppOnlyAuth$azuread:index/application:Application::exchange";

function resource(displayName: string): object {
  return {
    urn: application,
    type: childTypes.application,
    custom: true,
    parent,
    outputs: { displayName },
  };
}

/** What `pulumi refresh --preview-only --json` prints of a component whose application was renamed. */
const preview = {
  steps: [
    { op: "refresh", urn: parent, oldState: { urn: parent, type: componentType } },
    {
      op: "update",
      urn: application,
      oldState: resource("Before"),
      newState: resource("After"),
      detailedDiff: { displayName: { kind: "update", inputDiff: false } },
    },
  ],
};

const state = exportOf(exportedComponent("production", "infrastructure", "exchange"));
/** No sign-in at all: the audit cannot begin. */
const nobody = { ARM_USE_CLI: "false" };

function folderOf(stdout: unknown = preview, exitCode = 0): CliFolder {
  return makeCliFolder({ stdout, exitCode, state, config: {} }, nobody);
}

test("one export beside the refresh, and what cannot be audited does not keep drift from being found", async () => {
  const folder = folderOf();
  const { exitCode, stdout } = await folder.run("check", "--stack", "production", "--wait", "0s", "--json");
  expect(exitCode).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    schemaVersion: 1,
    command: "check",
    project: "infrastructure",
    stack: "production",
    drift: [{ name: "exchange", findings: [{ id: "EXO-DRIFT-CHANGED" }] }],
    audit: [
      {
        name: "stack",
        checks: ["Audit"],
        findings: [],
        unread: [
          {
            check: "Audit",
            reason: expect.stringMatching(/^ARM_USE_CLI, or azuread:useCli, is off/),
            denied: false,
            code: "EXO_AUTH_USAGE",
          },
        ],
      },
    ],
  });
  expect(schemaErrors("check", stdout)).toBeUndefined();
  expect(readFileSync(join(folder.path, "calls"), "utf8")).toBe(
    [
      "stack export --stack production --non-interactive --color=never",
      "refresh --preview-only --json --non-interactive --color=never",
      "",
    ].join("\n"),
  );
});

test("every format names each section with its command", async () => {
  const folder = folderOf();
  const printed = async (format: string): Promise<string> => {
    const { exitCode, stdout } = await folder.run("check", "--wait", "0s", "--format", format);
    expect(exitCode).toBe(2);
    return stdout;
  };
  const text = await printed("text");
  expect(text).toMatch(/^exchange: drift\n✗ medium: /m);
  expect(text).toMatch(/^stack: audit\n✗ ARM_USE_CLI/m);
  const markdown = await printed("markdown");
  expect(markdown).toMatch(/^## exo-auth check: stack production of project infrastructure$/m);
  expect(markdown).toMatch(/^### exchange: drift$/m);
  expect(markdown).toMatch(/^### stack: audit$/m);
  const junit = await printed("junit");
  expect(junit).toContain('<testsuite name="drift exchange" tests="1" failures="1" errors="0">');
  expect(junit).toContain('<testsuite name="audit stack" tests="1" failures="0" errors="1">');
  // Code scanning takes several runs of one file if their categories differ, and these are those of the single commands.
  const { runs } = JSON.parse(await printed("sarif"));
  expect(
    runs.map((run: { automationDetails: object; results: readonly { ruleId: string }[] }) => [
      run.automationDetails,
      run.results.map(({ ruleId }) => ruleId),
    ]),
  ).toEqual([
    [{ id: "infrastructure/production/drift/" }, ["EXO-DRIFT-CHANGED"]],
    [{ id: "infrastructure/production/audit/" }, []],
  ]);
});

test("where neither can be done, the exit code is drift's", async () => {
  const failed = { steps: [], diagnostics: [{ message: "error: no plugin", severity: "error" }] };
  const { exitCode, stdout } = await folderOf(failed, 255).run("check", "--json");
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    drift: [
      { name: "stack", unread: [{ code: "EXO_AUTH_PULUMI", reason: expect.stringContaining("no plugin") }] },
    ],
    audit: [{ name: "stack", unread: [{ code: "EXO_AUTH_USAGE" }] }],
  });
});

test("a component that the stack does not have is refused before anything is read in the tenant", async () => {
  const folder = folderOf();
  expect(await folder.run("check", "--component", "other")).toEqual({
    exitCode: 2,
    stdout: "",
    stderr:
      'exo-auth check: --component must name a component of the stack, got "other". It has "exchange".\n',
  });
  expect(readFileSync(join(folder.path, "calls"), "utf8")).not.toContain("refresh");
});
