import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { commands } from "../../cli/commands.ts";
import { makeCliFolder } from "./cliProcess.ts";
import { schemaErrors } from "./schemaErrors.ts";
import { exportedComponent, exportOf } from "../stack/exportedState.ts";

const state = exportOf([
  ...exportedComponent("production", "infrastructure", "exchange"),
  ...exportedComponent("production", "infrastructure", "reports"),
]);

test("without a command it lists the commands, and fails", async () => {
  const { exitCode, stdout } = await makeCliFolder().run();
  expect(exitCode).toBe(2);
  const width = Math.max(...commands.map(({ name }) => name.length));
  for (const { name, summary } of commands) expect(stdout).toContain(`  ${name.padEnd(width)}  ${summary}\n`);
});

test.each(["--help", "-h", "help"])("%s lists the commands", async (word) => {
  const { exitCode, stdout, stderr } = await makeCliFolder().run(word);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toMatch(/^exo-auth looks after .*\n\nUsage: exo-auth COMMAND \[options\]\n/);
});

test("--version --json, for the report of a bug", async () => {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  const { stdout, ...rest } = await makeCliFolder().run("--version", "--json");
  const { platform, arch, versions } = process;
  expect(JSON.parse(stdout)).toEqual({ schemaVersion: 1, version, node: versions.node, platform, arch });
  expect(rest).toEqual({ exitCode: 0, stderr: "" });
});

test("--version", async () => {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  expect(await makeCliFolder().run("--version")).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: "" });
});

test("what Node keeps of it is in the user's own folder", async () => {
  const folder = makeCliFolder({}, { NODE_COMPILE_CACHE: undefined });
  expect((await folder.run("--help")).exitCode).toBe(0);
  expect(readdirSync(join(folder.path, ".cache", "exchange-auth", "node"))).toHaveLength(1);
});

test.each(commands)("$name --help tells options, permissions, examples and exit codes", async (command) => {
  const { exitCode, stdout } = await makeCliFolder().run(command.name, "--help");
  expect(exitCode).toBe(0);
  for (const option of Object.keys(command.options)) expect(stdout).toContain(`--${option}`);
  for (const { command: line } of command.examples) expect(stdout).toContain(`  ${line}\n`);
  const inOneLine = stdout.replaceAll(/\s+/g, " ");
  for (const permission of command.permissions) expect(inOneLine).toContain(` ${permission} `);
  expect(stdout).toMatch(/Exit codes:\n {2}0 {4}success\n/);
  expect(stdout.split("\n").filter((line) => line.length > 100 && !isExample(line))).toEqual([]);

  function isExample(line: string): boolean {
    return command.examples.some((example) => line === `  ${example.command}`);
  }
});

test.each([
  [["verfy"], 'exo-auth verfy: There is no command "verfy". Did you mean verify?\n'],
  [["status", "--stak", "x"], 'exo-auth status: There is no option "--stak". Did you mean --stack?\n'],
  [
    ["status", "x"],
    'exo-auth status: "x" is not an option: `status` takes options only. See `exo-auth status --help`.\n',
  ],
  [
    ["status", "--stack"],
    "exo-auth status: Option '-s, --stack <value>' argument missing. See `exo-auth status --help`.\n",
  ],
  [["status", "--color", "blue"], 'exo-auth status: --color must be always, never or auto, got "blue".\n'],
  [
    ["verify", "--wait", "soon"],
    'exo-auth verify: --wait must be a length of time, got "soon". Give a number and a unit: 90s, 5m, 12h, 30d or 2w.\n',
  ],
  [
    ["verify", "--certificate-file", "x.pfx"],
    "exo-auth verify: --certificate-file needs --app-id and --organization, as Connect-ExchangeOnline does. Give both.\n",
  ],
  [
    ["export", "--stdout", "pfx", "--output", "x.json"],
    "exo-auth export: --stdout prints the certificate alone. Leave out --json and --output.\n",
  ],
])("%j is refused, without running Pulumi", async (args, stderr) => {
  const folder = makeCliFolder();
  expect(await folder.run(...args)).toEqual({ exitCode: 2, stdout: "", stderr });
  expect(() => readFileSync(join(folder.path, "calls"))).toThrow("ENOENT");
});

test("status in a pipe: text without escapes, nothing on standard error, the state read once", async () => {
  const folder = makeCliFolder({ stdout: state, config: {} });
  const { exitCode, stdout, stderr } = await folder.run(
    "status",
    "--stack",
    "production",
    "--component",
    "exchange",
  );
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  // Whether this machine has an Azure CLI, and who is signed in to it, is not the test's to say.
  expect(stdout.replaceAll(/(-?\d+ days? left|ended)/g, "DAYS").replace(/not known: .*/, "not known: REASON"))
    .toBe(`Stack production of project infrastructure, last updated 2026-11-23 08:00 UTC

exchange, contoso.onmicrosoft.com
  tenant             11111111-1111-4111-8111-111111111111 (global)
  application        app-of-exchange, object ID application-of-exchange
  service principal  object ID principal-of-exchange
  in the tenant      not known: REASON
  roles              Exchange Administrator
  next rotation      2027-05-22 10:31 UTC
✓ certificate 2 (current)  B2  until 2027-10-01 00:00 UTC, DAYS
✓ certificate 1  A1  until 2026-12-01 00:00 UTC, DAYS
`);
  expect(readFileSync(join(folder.path, "calls"), "utf8")).toBe(
    "stack export --stack production --non-interactive --color=never\n",
  );
});

test("status --color always has colours in a pipe, and --color never none", async () => {
  const folder = makeCliFolder({ stdout: state, config: {} });
  expect((await folder.run("status", "--color", "always")).stdout).toContain("\u001b[32m✓");
  expect((await folder.run("status", "--color", "never")).stdout).not.toContain("\u001b");
});

test("status --json is one document of the published form, and --output writes the same", async () => {
  const folder = makeCliFolder({ stdout: state, config: {} });
  const { exitCode, stdout, stderr } = await folder.run("status", "--json", "--output", "result.json");
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(schemaErrors("status", stdout)).toBeUndefined();
  expect(readFileSync(join(folder.path, "result.json"), "utf8")).toBe(stdout);
  expect(JSON.parse(stdout)).toMatchObject({
    schemaVersion: 1,
    command: "status",
    stack: "production",
    expiring: [],
  });
});

test("status --fail-if-expiring: 7 where a current certificate ends sooner, and -q says nothing where none does", async () => {
  const folder = makeCliFolder({ stdout: state, config: {} });
  expect(await folder.run("status", "--fail-if-expiring", "1s", "-q")).toEqual({
    exitCode: 0,
    stdout: "",
    stderr: "",
  });
  const { exitCode, stdout } = await folder.run("status", "--fail-if-expiring", "9999d", "-q");
  expect(exitCode).toBe(7);
  expect(stdout).toContain("✗ certificate 2 (current)");
  expect(stdout).toContain("✓ certificate 1");
});

test("export --stdout prints the form alone, even with -q", async () => {
  const folder = makeCliFolder({ stdout: state, config: {} });
  const args = ["export", "--component", "reports", "--stdout", "pfx"];
  const expected = { exitCode: 0, stdout: "cGZ4IGJ5dGVz", stderr: "" };
  expect(await folder.run(...args)).toEqual(expected);
  expect(await folder.run(...args, "-q")).toEqual(expected);
});

test("export --json tells the files, in the published form, and no secret", async () => {
  const folder = makeCliFolder({ stdout: state, config: {} });
  const { exitCode, stdout } = await folder.run(
    "export",
    "--component",
    "reports",
    "--out",
    "files",
    "--json",
  );
  expect(exitCode).toBe(0);
  expect(schemaErrors("export", stdout)).toBeUndefined();
  expect(JSON.parse(stdout)).toMatchObject({
    publicFiles: ["files/reports.cer"],
    secretFiles: ["files/reports.pfx", "files/reports.pfx-password.txt", "files/reports.pem"],
    exposedFiles: [],
  });
  expect(readFileSync(join(folder.path, "files/reports.pfx"), "utf8")).toBe("pfx bytes");
  expect(stdout).not.toMatch(/password 2|key 2/);
});

test("export wants a component where there are several", async () => {
  expect(await makeCliFolder({ stdout: state, config: {} }).run("export")).toEqual({
    exitCode: 2,
    stdout: "",
    stderr:
      'exo-auth export: The stack has several components: "exchange", "reports". Choose one with --component.\n',
  });
});

test("an output file that cannot be written", async () => {
  const { exitCode, stderr } = await makeCliFolder({ stdout: state, config: {} }).run(
    "status",
    "-o",
    "no/such/folder/x.json",
  );
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^exo-auth status: "no\/such\/folder\/x\.json" could not be written: ENOENT/);
});

test.each([
  [
    "no stack named 'x' found",
    6,
    6,
    "EXO_AUTH_STACK_NOT_FOUND",
    "See `pulumi stack ls`, and give one with --stack.",
  ],
  ["no stack selected; please use …", 1, 2, "EXO_AUTH_PULUMI", "Give one with --stack."],
  [
    "if you're using the --stack flag, pass the fully qualified name (organization/project/stack)",
    1,
    2,
    "EXO_AUTH_PULUMI",
    "Give the project's folder with --cwd.",
  ],
  ["no Pulumi.yaml project file found", 1, 2, "EXO_AUTH_PULUMI", "Give the project's folder with --cwd."],
  [
    "failed to load checkpoint: EOF",
    255,
    1,
    "EXO_AUTH_PULUMI",
    "A killed update left an empty file next to the state. Remove STACK.json.attrs from the backend's .pulumi/stacks/PROJECT. Pulumi writes it again.",
  ],
  [
    "failed to load checkpoint: place 1: unexpected end of JSON input",
    255,
    1,
    "EXO_AUTH_PULUMI",
    "An update was killed while it wrote the state, so the state is not complete. In the backend's .pulumi/stacks/PROJECT, replace STACK.json with its copy STACK.json.bak. Then run `exo-auth repair`.",
  ],
  [
    "incorrect passphrase",
    255,
    2,
    "EXO_AUTH_PULUMI",
    "Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE.",
  ],
])("Pulumi's %j", async (stderr, pulumiExitCode, exitCode, code, hint) => {
  const folder = makeCliFolder({ stderr: `error: ${stderr}\n`, exitCode: pulumiExitCode });
  const message = `\`pulumi stack export\` failed: ${stderr}\n${hint}`;
  expect(await folder.run("status")).toEqual({
    exitCode,
    stdout: "",
    stderr: `exo-auth status: ${message}\n`,
  });
  const json = await folder.run("status", "--json");
  expect({ ...json, stdout: JSON.parse(json.stdout) as unknown }).toEqual({
    exitCode,
    stdout: { schemaVersion: 1, command: "status", error: { code, message } },
    stderr: "",
  });
  expect(schemaErrors("status", json.stdout)).toBeUndefined();
});

test.each(["status", "verify", "export", "audit", "rotate", "revoke", "drift"])(
  "%s of a stack that was never deployed says so",
  async (command) => {
    const deployment = { manifest: { time: "2026-11-27T21:46:10Z" }, metadata: {} };
    // What Pulumi 3.259 prints: `stack export`, and for drift `refresh --preview-only --json`.
    const folder = makeCliFolder({
      stdout: { config: { "p:a": "b" }, duration: 1 },
      state: { version: 3, deployment },
    });
    expect(await folder.run(command, ...(command === "revoke" ? ["--yes"] : []))).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `exo-auth ${command}: The stack has no resources: it was never deployed, or was destroyed. Run \`pulumi up\`.\n`,
    });
  },
);

test("--json and --format exclude each other", async () => {
  expect(await makeCliFolder().run("drift", "--format", "sarif", "--json")).toMatchObject({
    exitCode: 2,
    stdout: expect.stringContaining('"message": "Use either --json or --format, not both."'),
  });
});

test("ends quietly where its reader has gone", async () => {
  const folder = makeCliFolder({ stdout: state, config: {} });
  const script = "exo-auth status --json | true; exo-auth status --json 2>errors | head -c 1 >/dev/null";
  const child = spawn("bash", ["-c", `for i in 1 2 3; do ${script}; done; cat errors`], {
    cwd: folder.path,
    env: folder.env,
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  expect({ stdout, stderr }).toEqual({ stdout: "", stderr: "" });
});

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s cancels, and says so", async (signal) => {
  const folder = makeCliFolder();
  // It ends once it is asked to, as Pulumi does, and with its folder, should the test not get that far.
  writeFileSync(
    join(folder.path, "bin", "pulumi"),
    "#!/bin/sh\ntrap 'exit 1' INT\ntouch started\nwhile [ -e started ]; do sleep 0.05; done\n",
  );
  const child = spawn(join(folder.path, "bin", "exo-auth"), ["status"], {
    cwd: folder.path,
    env: folder.env,
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  while (!existsSync(join(folder.path, "started"))) await setTimeout(20);
  child.kill(signal);
  expect(await text(child.stderr)).toBe("exo-auth status: Canceled.\n");
  expect(await ended).toBe(8);
});

test("a machine without Pulumi", async () => {
  const folder = makeCliFolder();
  const env = { ...folder.env, PATH: "/nowhere" };
  const { exitCode, stderr } = await makeCliFolder({}, env).run("status");
  expect(exitCode).toBe(1);
  expect(stderr).toBe(
    "exo-auth status: Pulumi's command line is not on PATH. Install it: https://www.pulumi.com/docs/install/.\n",
  );
});
