import { spawn } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { fleetVerdict } from "../../../cli/findings/fleetVerdict.ts";
import type { ExitCode } from "../../../cli/exitCodes.ts";
import type { FleetDocument } from "../../../operations/fleet/fleetDocument.ts";
import type { FleetSummary } from "../../../operations/fleet/fleetSummary.ts";
import { exportedComponent, exportOf } from "../../stack/exportedState.ts";
import { type CliFolder, makeCliFolder } from "../cliProcess.ts";
import {
  cleanSection,
  failedDocument,
  sampleComponent,
  sampleDiscovery,
  sampleDocument,
  sampleTime,
} from "../fleetSample.ts";
import { sampleFinding, sampleRules } from "../findings/sampleReport.ts";
import { noTerminal, openTerminal } from "../terminal.ts";

/** A project whose `pulumi` has a state for each of these stacks, and says for the others that it has no key. */
function projectOf(stacks: readonly string[], readable: readonly string[] = stacks): CliFolder {
  const folder = makeCliFolder({}, { ARM_USE_CLI: "false" });
  const at = (name: string): string => join(folder.path, name);
  writeFileSync(at("stacks"), JSON.stringify(stacks.map((name) => ({ name }))));
  for (const name of readable) {
    writeFileSync(at(`state-${name}`), JSON.stringify(exportOf(exportedComponent(name, "p", "exchange"))));
  }
  writeFileSync(
    at("bin/pulumi"),
    `#!/bin/sh
echo "$@" >> ${at("calls")}
case "$1 $2" in
  "stack ls") exec cat ${at("stacks")} ;;
  "config "*) echo "{}"; exit 0 ;;
  "policy analyze") cat ${at("violations")} 2> /dev/null && exit 1; echo "error: no policy for it" >&2; exit 1 ;;
esac
while [ -e ${at("hold")}-$4 ]; do touch ${at("held")}; sleep 0.05; done
cat ${at("state")}-$4 2> /dev/null && exit 0
echo "error: no key for $4" >&2
exit 1
`,
  );
  chmodSync(at("bin/pulumi"), 0o755);
  return folder;
}

const statusAlone = ["--skip", "drift", "--skip", "audit"];

test("one stack that fails stops no other, and the worst goes first", async () => {
  const folder = projectOf(["a", "b", "c"], ["a", "c"]);
  const out = join(folder.path, "out");
  const { exitCode, stdout, stderr } = await folder.run("fleet", "check", ...statusAlone, "--out", out);
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "" });
  expect(
    stdout
      .replaceAll(/ +/g, " ")
      .replaceAll(/\d{4}-\d\d-\d\d( \d\d:\d\d UTC)?/g, "TIME")
      .split("\n"),
  ).toEqual([
    "3 stacks: 3 not read",
    "",
    " stack tenant state findings days left next rotation last update last check",
    expect.stringMatching(/^✗ a contoso\.onmicrosoft\.com not read \d+ TIME TIME TIME$/),
    expect.stringMatching(/^ not read: ARM_USE_CLI, or azuread:useCli, is off/),
    "✗ b not read TIME",
    " not read: `pulumi stack export --stack b` failed: no key for b",
    expect.stringMatching(/^✗ c contoso\.onmicrosoft\.com not read \d+ TIME TIME TIME$/),
    expect.stringMatching(/^ not read: ARM_USE_CLI/),
    "",
  ]);
  expect(readdirSync(out).toSorted()).toEqual(["a.json", "b.json", "c.json"]);
  expect(JSON.parse(readFileSync(join(out, "b.json"), "utf8"))).toEqual({
    fleetVersion: 1,
    stack: "b",
    began: expect.any(String),
    parts: ["status"],
    failure: { code: "EXO_AUTH_PULUMI", message: "`pulumi stack export --stack b` failed: no key for b" },
  });
});

test("stacks are chosen by name, pattern and shard", async () => {
  const folder = projectOf(["a", "b", "c", "d", "dev-1"]);
  const chosen = async (...args: readonly string[]): Promise<readonly string[]> => {
    const { stdout } = await folder.run("fleet", "check", ...statusAlone, "--json", ...args);
    return (JSON.parse(stdout) as FleetSummary).tenants.map(({ stack }) => stack);
  };
  expect(await chosen("--exclude", "dev-*", "--shard", "2/2")).toEqual(["c", "d"]);
  expect(await chosen("--stacks", "a d")).toEqual(["a", "d"]);
  expect(await chosen("--stacks", "a", "--shard", "2/2")).toEqual([]);
});

test("Ctrl-C ends it, and --resume goes on without what was finished", async () => {
  const folder = projectOf(["a", "b"]);
  const [out, hold] = [join(folder.path, "out"), join(folder.path, "hold-b")];
  writeFileSync(hold, "");
  const args = ["fleet", "check", ...statusAlone, "--out", out];
  const child = spawn(join(folder.path, "bin", "exo-auth"), args, { cwd: folder.path, env: folder.env });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  while (!existsSync(join(out, "a.json")) || !existsSync(join(folder.path, "held"))) await setTimeout(20);
  child.kill("SIGINT");
  rmSync(hold);
  expect(await text(child.stderr)).toBe(
    "exo-auth fleet check: Canceled after 1 of 2 stacks. To go on, run the same command with --resume.\n",
  );
  expect(await ended).toBe(8);
  expect(readdirSync(out).toSorted()).toEqual(["a.json", "run.began"]);
  const first = readFileSync(join(out, "a.json"), "utf8");
  rmSync(join(folder.path, "calls"));

  const { stdout } = await folder.run(...args, "--resume", "--json");
  expect((JSON.parse(stdout) as FleetSummary).tenants.map(({ stack }) => stack)).toEqual(["a", "b"]);
  expect(readFileSync(join(out, "a.json"), "utf8")).toBe(first);
  expect(readdirSync(out).toSorted()).toEqual(["a.json", "b.json"]);
  const exports = readFileSync(join(folder.path, "calls"), "utf8").match(/stack export .*/g);
  expect(exports).toEqual(["stack export --stack b --non-interactive --color=never"]);
});

test.skipIf(noTerminal)("on a terminal, a line says how far it is", async () => {
  const folder = projectOf(["a", "b"]);
  writeFileSync(join(folder.path, "hold-b"), "");
  const terminal = openTerminal(`exo-auth fleet check ${statusAlone.join(" ")}`, folder.path, folder.env);
  expect(await terminal.until(/1 of 2, 0 findings, 1 min left/)).not.toContain("\n\n✗");
  rmSync(join(folder.path, "hold-b"));
  await terminal.until(/exit code 1/);
  expect(terminal.screen()).not.toContain("min left");
});

test.each([
  [["--stack", "a"], "`fleet check` looks at many stacks. Name them with --stacks, and leave out --stack."],
  [["--resume"], "--resume goes on with the documents of --out. Give --out, too."],
  [["--skip", "everything"], '--skip must be drift, audit, status, and leave one of them, got "everything".'],
  [
    ["--skip", "drift", "--skip", "audit", "--skip", "status"],
    '--skip must be drift, audit, status, and leave one of them, got "drift, audit, status".',
  ],
])("%j is refused before Pulumi is asked", async (args, message) => {
  const folder = projectOf(["a"]);
  expect(await folder.run("fleet", "check", ...args)).toEqual({
    exitCode: 2,
    stdout: "",
    stderr: `exo-auth fleet check: ${message}\n`,
  });
  expect(existsSync(join(folder.path, "calls"))).toBe(false);
});

test("the group lists its commands, and an unknown one is told", async () => {
  const folder = makeCliFolder();
  const group = await folder.run("fleet");
  expect(group).toEqual({ exitCode: 2, stdout: expect.stringMatching(/^ {2}fleet check {2}/m), stderr: "" });
  expect(await folder.run("fleet", "--help")).toEqual({ ...group, exitCode: 0 });
  expect(await folder.run("fleet", "chek")).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(
      /^exo-auth fleet chek: There is no command "fleet chek"\. Did you mean fleet check/,
    ),
  });
});

const mild = sampleFinding(sampleRules[1]);
const denied = { check: "check 1", reason: "refused", denied: true };

test.each<readonly [string, readonly FleetDocument[], "low" | "high" | "none", ExitCode]>([
  ["nothing", [], "low", 0],
  ["in order", [sampleDocument("a")], "low", 0],
  [
    "a finding",
    [sampleDocument("a"), sampleDocument("b", { drift: [{ ...cleanSection, findings: [mild] }] })],
    "low",
    7,
  ],
  [
    "one that is too mild",
    [sampleDocument("b", { drift: [{ ...cleanSection, findings: [mild] }] })],
    "high",
    0,
  ],
  [
    "a missing right goes before findings",
    [
      sampleDocument("a", { drift: [{ ...cleanSection, findings: [mild] }] }),
      sampleDocument("b", { audit: [{ ...cleanSection, unread: [denied] }] }),
    ],
    "low",
    3,
  ],
  [
    "what nobody can explain goes before a sign-in that was refused",
    [
      failedDocument("a", { code: "EXO_AUTH_SIGN_IN", message: "m" }),
      failedDocument("b"),
      failedDocument("c", { code: "EXO_AUTH_NO_COMPONENT", message: "m" }),
    ],
    "low",
    1,
  ],
  ["an empty stack", [failedDocument("a", { code: "EXO_AUTH_NO_COMPONENT", message: "m" })], "none", 2],
  [
    "an application that was not asked for",
    [sampleDocument("a", { components: [{ ...sampleComponent(), tenant: { notRead: "m" } }] })],
    "none",
    1,
  ],
  [
    "a blocked application",
    [sampleDocument("a", { components: [{ ...sampleComponent(), tenant: { application: "blocked" } }] })],
    "high",
    7,
  ],
  [
    "one that expires",
    [sampleDocument("a", { components: [sampleComponent("2026-12-01T00:00:00Z")] })],
    "high",
    7,
  ],
  ["a right that discovery lacks", [{ ...sampleDocument("a"), discovered: sampleDiscovery }], "none", 3],
  [
    "a right that discovery does without",
    [{ ...sampleDocument("a"), discovered: { ...sampleDiscovery, notRead: [] } }],
    "low",
    0,
  ],
  [
    "and nobody minds",
    [sampleDocument("a", { components: [sampleComponent("2026-12-01T00:00:00Z")] })],
    "none",
    0,
  ],
])("the exit code: %s", (_name, documents, failOn, code) => {
  expect(fleetVerdict(documents, failOn, sampleTime)).toBe(code);
});

const violation = {
  resourceUrn: "urn:pulumi:a::p::azuread:index/application:Application::exchange",
  message: 'No application has owners.\nApplication "exchange" has the owner x.',
  policyName: "no-owners",
  policyPackName: "ours",
  enforcementLevel: "mandatory",
  severity: "medium",
};

test("a policy pack's violations are findings of a stack, which can be accepted", async () => {
  const folder = projectOf(["a"]);
  const at = (name: string): string => join(folder.path, name);
  writeFileSync(at("PulumiPolicy.yaml"), "runtime: nodejs\n");
  writeFileSync(at("settings.json"), "{}");
  const events = [
    { policyEvent: violation },
    {
      policyEvent: {
        ...violation,
        resourceUrn: "",
        message: "Alone",
        enforcementLevel: "advisory",
        severity: "",
      },
    },
    { summaryEvent: { result: "failed" } },
  ];
  const print = (...lines: readonly object[]): void =>
    writeFileSync(
      at("violations"),
      // A pack prints lines of its own.
      ["{ not an event", '{"asked":3}', ...lines.map((line) => JSON.stringify(line))].join("\n"),
    );
  print(...events);
  const args = ["fleet", "check", ...statusAlone, "--policy-pack", folder.path, "--json"];
  const { stdout } = await folder.run(...args, "--policy-pack-config", at("settings.json"));
  const [tenant] = (JSON.parse(stdout) as FleetSummary).tenants;
  expect(
    tenant?.findings.map(({ part, section, severity, subject, found, declared }) => [
      part,
      section,
      severity,
      subject,
      found,
      declared,
    ]),
  ).toEqual([
    [
      "policies",
      "stack",
      "medium",
      expect.stringMatching(/^no-owners azuread:Application exchange [\da-f]{32}$/),
      'Application "exchange" has the owner x.',
      "no-owners of ours, which is mandatory",
    ],
    [
      "policies",
      "stack",
      "low",
      expect.stringMatching(/^no-owners the stack [\da-f]{32}$/),
      "Alone",
      "no-owners of ours, which is advisory",
    ],
  ]);
  const called = readFileSync(at("calls"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("policy"));
  expect(called).toEqual([
    expect.stringMatching(
      /^policy analyze --json --policy-pack \S+ --policy-pack-config \S+settings\.json --file \S+state\.json --non-interactive --color=never$/,
    ),
  ]);

  const accepted = { id: "EXO-POLICY-VIOLATION", reason: "moving", until: "2999-12-31" };
  const accept = tenant?.findings.map(({ subject }) => ({ ...accepted, subject }));
  writeFileSync(at(".exo-auth"), JSON.stringify({ accept }));
  const leftOver = async (): Promise<readonly string[] | undefined> => {
    const again = await folder.run(...args);
    return (JSON.parse(again.stdout) as FleetSummary).tenants[0]?.findings.map(({ found }) => found);
  };
  expect(await leftOver()).toEqual([]);
  // Whoever accepted one owner has not accepted another.
  const other = { ...violation, message: violation.message.replace("owner x", "owner y") };
  print({ policyEvent: other }, { summaryEvent: { result: "failed" } });
  expect(await leftOver()).toEqual(['Application "exchange" has the owner y.']);
});

test.each([
  [undefined, "`pulumi policy analyze` failed: no policy for it"],
  [
    '{"policyEvent":{"policyName":"x"}}',
    "printed an event of another form than exo-auth knows: `policyEvent.",
  ],
])("a policy pack that cannot be used is told as not read: %s", async (printed, reason) => {
  const folder = projectOf(["a"]);
  writeFileSync(join(folder.path, "PulumiPolicy.yaml"), "runtime: nodejs\n");
  if (printed !== undefined) writeFileSync(join(folder.path, "violations"), printed);
  const { stdout } = await folder.run(
    "fleet",
    "check",
    ...statusAlone,
    "--policy-pack",
    folder.path,
    "--json",
  );
  expect((JSON.parse(stdout) as FleetSummary).tenants[0]?.unread).toContainEqual({
    part: "policies",
    section: "stack",
    check: "Policies",
    reason: expect.stringContaining(reason) as unknown,
  });
});

test.each([
  [
    ["--policy-pack", "nowhere", "--policy-pack-config", "none.json"],
    '--policy-pack must be a folder with a policy pack, which has PulumiPolicy.yaml, got "nowhere". --policy-pack-config must be a JSON file, got "none.json", which does not exist.',
  ],
  [
    ["--policy-pack-config", "x.json"],
    "--policy-pack-config configures a policy pack. Give its folder with --policy-pack.",
  ],
])("fleet check %s is refused before anything is read", async (args, message) => {
  const folder = projectOf(["a"]);
  const { exitCode, stderr } = await folder.run("fleet", "check", ...args);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(message);
  expect(existsSync(join(folder.path, "calls"))).toBe(false);
});
