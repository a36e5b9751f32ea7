import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { componentType } from "../../../common/typeTokens.ts";
import { auditPermissions, optionalAuditPermissions } from "../../../operations/audit/rules.ts";
import { createSandbox, type Sandbox } from "../../../sandbox/createSandbox.ts";
import { SandboxError } from "../../../sandbox/sandboxError.ts";
import { findPulumi } from "../../../sandbox/toolchain/findPulumi.ts";
import { findPythonExecutor } from "../../../sandbox/toolchain/pythonExecutor.ts";
import { findSdkGenerator } from "../../../sandbox/toolchain/sdkGenerator.ts";
import { findYamlHost } from "../../../sandbox/toolchain/yamlHost.ts";
import { runCommand } from "../../../sandbox/workspace/runCommand.ts";
import { repository } from "../../../sandbox/workspace/sandboxFolder.ts";
import { trustInThisProcess } from "../../../sandbox/workspace/trust.ts";
import type { StackWorkspace } from "../../../sandbox/workspace/workspace.ts";
import { commandsOf } from "../../docs/pages.ts";
import { brief, day, rotateOnce } from "../rotationSupport.ts";
import {
  callGraph,
  configure,
  destroy,
  expectNoChanges,
  outputs,
  secretsOf,
  stateOf,
  up,
  within,
  writes,
} from "../support.ts";
import { tenantGraph } from "../tenantGraph.ts";
import { whyMissing } from "./missingProgram.ts";
import { names, ours } from "./stackInNames.ts";

// The same stacks from programs in Python, Go and YAML, which know the component by its plugin, the first two by a generated
// SDK as well.
let sandbox: Sandbox;
/** Stands in for the repository: it has the programs and the plugin at their places. */
let folder: string;
/** The stack in TypeScript with which the others are compared, and to which they refer. */
let typescript: StackWorkspace;

const languages = [
  {
    language: "python",
    command: ["python3", "-c", "import ensurepip, venv"],
    find: [findPythonExecutor, findSdkGenerator],
    /** How the program says what `rotate` asks for. */
    generations: '`[CertificateGenerationArgs(name="1"), CertificateGenerationArgs(name="2")]`',
  },
  {
    language: "go",
    command: ["go", "version"],
    find: [findSdkGenerator],
    generations: '`[]exchangeauth.CertificateGenerationArgs{{Name: "1"}, {Name: "2"}}`',
  },
  {
    language: "yaml",
    command: ["true"],
    find: [findYamlHost],
    generations: 'In the place that lists them for component "exchange", set `certificate.generations` to',
  },
] as const;

beforeAll(async () => {
  sandbox = await createSandbox();
  trustInThisProcess(sandbox.tenant.certificateAuthorityPem);
  mkdirSync(join(repository, ".sandbox"), { recursive: true });
  folder = mkdtempSync(join(repository, ".sandbox", "languages-"));
  for (const { language } of languages) {
    for (const place of ["examples", "tests/fixtures/languages"])
      cpSync(join(repository, place, language), join(folder, place.split("/")[0]!, language), {
        recursive: true,
        filter: (source) => !/\/(sdks|venv|__pycache__)$/.test(source),
      });
  }
  symlinkSync(join(repository, "plugin"), join(folder, "plugin"));
  typescript = await sandbox.stack("contoso", { project: join(repository, "examples/basic") });
  const { exitCode, messages } = await up(typescript);
  if (exitCode !== 0) throw new Error(messages);
});

afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

describe.each(languages)("a program in $language", ({ language, command, find, generations }) => {
  /** Why none can run here. */
  let missing: string | undefined;
  let example: StackWorkspace;

  beforeAll(async () => {
    const { hasLanguageHost } = await findPulumi();
    missing = await whyMissing(async () => {
      const [first, ...args] = command;
      const works = await runCommand(first, args).then(
        ({ exitCode }) => exitCode === 0,
        () => false,
      );
      if (!works) throw new SandboxError(`\`${command.join(" ")}\` does not work here.`);
      if (!hasLanguageHost) for (const program of find) await program();
    });
    if (missing === undefined)
      example = await sandbox.stack("contoso", { project: join(folder, "examples", language) });
  });

  beforeEach(({ skip }) => skip(missing !== undefined, missing));

  /** A stack of the program that has what the examples have not. */
  async function stackOf(name: string, configuration: Readonly<Record<string, string>>) {
    const project = join(folder, "tests", language);
    const { case: place = "" } = configuration;
    // A program in YAML has no branches, so each case is a program.
    const stack = await sandbox.stack(name, {
      project: language === "yaml" ? join(project, place) : project,
    });
    await configure(stack, configuration);
    return stack;
  }

  test("the example does what the same program in TypeScript does", async () => {
    const env = { ...example.env, PULUMI_OPTION_YES: "true", PULUMI_OPTION_SKIP_PREVIEW: "true" };
    const [, ...commands] = commandsOf(`examples/${language}/README.md`);
    for (const { text } of commands) {
      // gitTag.test.ts adds the package of a release.
      if (text.startsWith("pulumi package add ")) continue;
      const { exitCode, stdout, stderr } = await example.run("sh", ["-c", text], { env });
      const said = exitCode === 0 ? "" : stdout + stderr;
      expect({ text, exitCode, said }).toEqual({ text, exitCode: 0, said: "" });
    }
    expect(await expectNoChanges(example)).toBe(0);
    const [made, same] = await Promise.all([stateOf(example), stateOf(typescript)]);
    expect(ours(made)).toHaveLength(13);
    expect(new Set(ours(made))).toEqual(new Set(ours(same)));
    const { appId, thumbprint, connectExchangeOnline, ...rest } = await outputs(example);
    expect(connectExchangeOnline).toBe(
      `Connect-ExchangeOnline -AppId ${String(appId)} -CertificateThumbprint ${String(thumbprint)} -Organization contoso.onmicrosoft.com -ShowBanner:$false`,
    );
    expect(rest).toEqual({
      tenantDomain: "contoso.onmicrosoft.com",
      pfxBase64: "[secret]",
      pfxPassword: "[secret]",
    });
  });

  test("exo-auth works on its stack: status, verify, audit, drift, and what to change to rotate", async () => {
    const { clientId, clientSecret } = await tenantGraph(sandbox.tenant).reader([
      ...auditPermissions,
      ...optionalAuditPermissions,
    ]);
    const env = { ...example.env, ARM_CLIENT_ID: clientId, ARM_CLIENT_SECRET: clientSecret };
    for (const subcommand of ["status", "verify", "preflight"])
      expect(await example.run("exo-auth", [subcommand])).toMatchObject({ exitCode: 0 });
    expect(await within(example, env).run("exo-auth", ["audit"])).toMatchObject({ exitCode: 0 });

    const later = new Date(Date.now() + 300 * day);
    const result = await rotateOnce(example, { cwd: join(folder, "examples", language), now: () => later });
    expect(brief(result)).toBe("toDo add 1 -> 1 2");
    expect(result.toDo).toContain(generations);

    const application = (await stateOf(example)).find(({ type }) => type.endsWith(":Application"));
    await callGraph(sandbox.tenant, "PATCH", String(application?.id), { notes: "Changed by hand." });
    expect(await example.run("exo-auth", ["drift", "--wait", "0s"])).toMatchObject({
      exitCode: 7,
      stdout: expect.stringContaining("notes") as unknown,
    });
    const { changes } = await up(example, "--refresh");
    expect(changes.filter((change) => !change.startsWith("refresh "))).toEqual([
      "update azuread:Application exchange",
    ]);
    expect(await destroy(example)).toMatchObject({ exitCode: 0 });
  });

  test("wrong arguments are named all at once, without the key, and nothing is created", async () => {
    const wrong = await stackOf("wrong", { case: "wrong" });
    expect(await wrong.run("pulumi", ["install"])).toMatchObject({ exitCode: 0 });
    const before = writes(sandbox.tenant).length;
    const { exitCode, messages, output } = await up(wrong);
    expect(exitCode).not.toBe(0);
    // Pulumi's SDK for Python adds a traceback of its own, whatever the plugin, because the engine ends its connection.
    const [ownWords = ""] =
      language === "python" ? messages.split(/^.*(?:Program failed|Traceback)/m) : [messages];
    expect(ownWords).toContain('ExchangeAppOnlyAuth "exchange" has 4 problems, nothing was created:');
    const problems = messages.split("\n").filter((line) => line.includes("  - "));
    expect(problems.map((line) => line.trim().split(" ")[1])).toEqual([
      "`roles[0]`",
      "`certificate.generations[1].publicCertificate`",
      "`certificate.validityDays`",
      "`expectedTenantId`",
    ]);
    expect(ownWords).not.toMatch(/^\s*at |goroutine|node:internal|Traceback/m);
    expect(output).not.toContain("PRIVATE KEY");
    expect(writes(sandbox.tenant)).toHaveLength(before);
  });

  test("a tenant that is not meant gets nothing, and one that lags is waited for, with no key in what is said", async () => {
    const stack = await stackOf("guarded", {
      case: "guarded",
      tenantId: "11111111-2222-3333-4444-555555555555",
    });
    const before = writes(sandbox.tenant).length;
    const refused = await up(stack);
    expect(refused.exitCode).not.toBe(0);
    expect(refused.messages).toContain("11111111-2222-3333-4444-555555555555");
    expect(refused.messages).not.toContain("node:internal");
    expect(writes(sandbox.tenant)).toHaveLength(before);

    await configure(stack, { tenantId: sandbox.tenant.seeds[0]!.tenantId });
    const lag = sandbox.tenant.faults.lag({ path: /^(?!.*\/appRoleAssignedTo\/)/ }, 3000);
    const { exitCode, messages, output } = await up(stack);
    lag.remove();
    expect({ exitCode, said: exitCode === 0 ? "" : messages }).toEqual({ exitCode: 0, said: "" });
    expect(messages).toContain("The deploying identity still owns it, and can add credentials to it.");

    expect(await outputs(stack)).toEqual({ privateKeyPem: "[secret]" });
    const keys = Object.entries(await secretsOf(stack)).filter(([, text]) => text.includes("PRIVATE KEY"));
    // The component's own record has the key as a secret, as its outputs have no other mark of one.
    expect(keys.map(([place]) => place)).toContain(
      "exchange-auth:ExchangeAppOnlyAuth exchange.outputs.privateKeyPem",
    );
    expect(output).toContain('"severity":"debug"');
    const told = output
      .split("\n")
      .filter((line) => keys.some(([, key]) => line.includes(key.trim().split("\n").at(-3) ?? "")));
    // Pulumi's SDK for Python tells the values that a program exports. docs/languages.md warns about it.
    const ofTheSdk =
      /"message":"(?:register resource outputs prepared|resource registration successful): urn=[^,]*::pulumi:pulumi:Stack::/;
    expect(told.filter((line) => language !== "python" || !ofTheSdk.test(line))).toEqual([]);
    expect(await up(stack, "--refresh")).toMatchObject({ exitCode: 0 });
    expect(await expectNoChanges(stack)).toBe(0);
  });

  test("a second component, `protect`, `dependsOn`, an alias, a provider and a reference work as in TypeScript", async () => {
    const { tenantId } = sandbox.tenant.seeds[0]!;
    const other = "organization/exchange-basic/contoso";
    const stack = await stackOf("options", { case: "options", name: "old", other, tenantId });
    expect(await up(stack)).toMatchObject({ exitCode: 0, messages: "" });
    expect(await expectNoChanges(stack)).toBe(0);
    const made = await stateOf(stack);
    const dependent = made.find(({ type, urn }) => type === componentType && urn.endsWith("::old"));
    expect(dependent?.dependencies).toContainEqual(expect.stringMatching(/ExchangeAppOnlyAuth::second$/));
    expect(names(made, ({ protect }) => protect)).toEqual([
      "old",
      "old",
      "old",
      "old-exchange-administrator",
      "old-office365-exchange-online-exchange-manage-as-app",
    ]);
    expect(names(made, ({ provider }) => String(provider).includes("::explicit::"))).toEqual(
      names(made, ({ type, urn }) => type.startsWith("azuread:") && /::second[^:]*$/.test(urn)),
    );
    const { appId } = await outputs(typescript);
    expect(
      made.find(({ type, urn }) => type.endsWith(":Application") && urn.endsWith("::second"))?.inputs,
    ).toMatchObject({ displayName: `Beside ${String(appId)}` });
    expect(await outputs(stack)).toMatchObject({ privateKeyPem: "[secret]" });

    await configure(stack, { name: "new" });
    if (language === "yaml") {
      const file = join(folder, "tests/yaml/options/Pulumi.yaml");
      const text = readFileSync(file, "utf8");
      writeFileSync(file, text.replace("\n  old:\n", "\n  new:\n").replace("${old.", "${new."));
    }
    const { exitCode, changes } = await up(stack);
    expect(exitCode).toBe(0);
    // The description names the component, by which a repair recognises its own.
    expect(changes.filter((change) => !change.startsWith("read "))).toEqual([
      "update azuread:Application new",
      "update azuread:ServicePrincipal new",
    ]);
  });
});
