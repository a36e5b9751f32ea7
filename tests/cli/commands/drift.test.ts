import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { contentHash } from "../../../operations/findings/contentHash.ts";
import { childTypes, componentType } from "../../../common/typeTokens.ts";
import type { CliResult, ScriptedPulumi } from "../cliProcess.ts";
import { makeCliFolder } from "../cliProcess.ts";

const parent = "urn:pulumi:production::infrastructure::exchange-auth:index:ExchangeAppOnlyAuth";
const types = "exchange-auth:index:ExchangeAppOnlyAuth$azuread:index/application:Application";

/** What `pulumi refresh --preview-only --json` prints for two components, the second of them renamed. */
const preview = {
  steps: ["exchange", "reports"].flatMap((name) => [
    {
      op: "refresh",
      urn: `${parent}::${name}`,
      oldState: { urn: `${parent}::${name}`, type: componentType },
    },
    {
      op: name === "reports" ? "update" : "refresh",
      urn: `urn:pulumi:production::infrastructure::${types}::${name}`,
      oldState: application(name, "Before"),
      newState: application(name, "After"),
      detailedDiff: name === "reports" ? { displayName: { kind: "update", inputDiff: false } } : null,
    },
  ]),
  changeSummary: { same: 3, update: 1 },
};

/** What `pulumi stack export` prints; no resource matters here but that there is one, and the update is old. */
const state = {
  version: 3,
  deployment: {
    manifest: { time: "2026-01-01T00:00:00Z" },
    resources: [{ urn: "urn:pulumi:production::infrastructure::pulumi:pulumi:Stack::a", type: "a" }],
  },
};

/** A change as a baseline names it: with a hash of what was found. */
const renamed = `azuread:Application reports displayName ${contentHash('displayName is "After"')}`;

test("asks Pulumi for a preview of a refresh, of the stack and in the folder that were named", async () => {
  const folder = makeCliFolder({ stdout: preview, state });
  const { exitCode, stdout } = await folder.run("drift", "--json", "--stack", "production");
  expect(exitCode).toBe(7);
  expect(JSON.parse(stdout)).toMatchObject({
    schemaVersion: 1,
    command: "drift",
    project: "infrastructure",
    stack: "production",
    sections: [
      { name: "exchange", findings: [] },
      {
        name: "reports",
        findings: [
          {
            id: "EXO-DRIFT-CHANGED",
            subject: renamed,
            declared: '"Before"',
            found: 'displayName is "After"',
          },
        ],
      },
    ],
  });
  expect(readFileSync(join(folder.path, "calls"), "utf8")).toBe(
    [
      // What is refreshed, a copy in a backend that has it alone, and how old the last update is.
      "stack export --stack production --non-interactive --color=never",
      "refresh --preview-only --json --non-interactive --color=never",
      "",
    ].join("\n"),
  );
});

test("a state that signs in elsewhere is refused before the refresh, unless the settings say the same", async () => {
  const type = "pulumi:providers:azuread";
  const provider = {
    urn: `urn:pulumi:production::infrastructure::${type}::contoso`,
    type,
    inputs: { metadataHost: "login.example" },
  };
  const redirected = { version: 3, deployment: { ...state.deployment, resources: [provider] } };
  const setTo = (value: string): ScriptedPulumi => ({
    stdout: preview,
    state: redirected,
    config: { "azuread:metadataHost": { value, secret: false } },
  });
  const folder = makeCliFolder(setTo("other.example"));
  expect(await folder.run("drift")).toEqual({
    exitCode: 2,
    stdout: "",
    stderr: expect.stringContaining('azuread provider "contoso": `metadataHost` is "login.example"'),
  });
  expect(readFileSync(join(folder.path, "calls"), "utf8")).not.toContain("refresh");
  expect(await run(setTo("login.example"))).toMatchObject({ exitCode: 7, stderr: "" });
});

test("one component of several", async () => {
  expect(await run({ stdout: preview, state }, "--component", "exchange")).toMatchObject({ exitCode: 0 });
  expect(await run({ stdout: preview, state }, "--component", "reports")).toMatchObject({ exitCode: 7 });
  expect(await run({ stdout: preview, state }, "--component", "other")).toMatchObject({
    exitCode: 2,
    stderr:
      'exo-auth drift: --component must name a component of the stack, got "other". See `exo-auth status`.\n',
  });
});

test("the project's baseline accepts a change, in every format", async () => {
  const folder = makeCliFolder({ stdout: preview, state });
  writeFileSync(
    join(folder.path, ".exo-auth"),
    `accept:\n  - id: EXO-DRIFT-CHANGED\n    subject: ${renamed}\n    reason: renamed on purpose\n    until: 2999-12-31\n`,
  );
  const kept = await folder.run("drift", "--format", "sarif", "--keep-accepted");
  expect(kept.stdout).toContain("renamed on purpose");
  for (const format of ["text", "json", "junit", "sarif", "markdown"]) {
    const { exitCode, stdout } = await folder.run("drift", "--format", format);
    expect({ format, exitCode }).toEqual({ format, exitCode: 0 });
    expect({ format, isTold: stdout.includes("renamed on purpose") }).toEqual({
      format,
      isTold: format !== "sarif",
    });
  }
});

test.each<[string, ScriptedPulumi, RegExp]>([
  [
    "prints no document",
    { stdout: "", stderr: "error: no Pulumi.yaml project file found", exitCode: 1 },
    /no Pulumi\.yaml project file found/,
  ],
  [
    "fails before it reads anything, and says why in the document",
    {
      stdout: { steps: [], diagnostics: [{ message: "error: no plugin", severity: "error" }] },
      exitCode: 255,
    },
    /`pulumi refresh` failed: no plugin/,
  ],
  ["fails without a word", { stdout: preview, exitCode: 1 }, /`pulumi refresh` failed/],
])("where Pulumi %s there is neither drift nor none", async (_name, pulumi, message) => {
  const { exitCode, stdout, stderr } = await run({ state, ...pulumi });
  expect([1, 2]).toContain(exitCode);
  expect({ stdout, stderr }).toEqual({ stdout: "", stderr: expect.stringMatching(message) });
});

test.each([
  ["--format", "html", "--format must be one of text, json, junit, sarif, markdown"],
  ["--fail-on", "worst", "--fail-on must be one of low, medium, high, critical, none"],
])("%s %s is refused before Pulumi is asked", async (option, value, message) => {
  const folder = makeCliFolder({ stdout: preview, state });
  expect(await folder.run("drift", option, value)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining(message),
  });
  expect(() => readFileSync(join(folder.path, "calls"))).toThrow("ENOENT");
});

function run(pulumi: ScriptedPulumi, ...args: string[]): Promise<CliResult> {
  return makeCliFolder(pulumi).run("drift", ...args);
}

function application(name: string, displayName: string): object {
  return {
    urn: `urn:pulumi:production::infrastructure::${types}::${name}`,
    type: childTypes.application,
    custom: true,
    parent: `${parent}::${name}`,
    outputs: { displayName },
  };
}
