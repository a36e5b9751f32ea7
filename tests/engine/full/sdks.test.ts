import { execFileSync } from "node:child_process";
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { outputNames } from "../../../components/outputs.ts";
import { findOtherSdkGenerator, findSdkGenerator } from "../../../sandbox/toolchain/sdkGenerator.ts";
import { repository } from "../../../sandbox/workspace/sandboxFolder.ts";
import { runCommand } from "../../../sandbox/workspace/runCommand.ts";
import { whyMissing } from "./missingProgram.ts";

// What programs in other languages see of the component: the SDKs that Pulumi's own generators write. languages.test.ts
// shows that secret outputs are secret.
let folder: string;
let generator: string;
let missing: string | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "exchange-auth-sdks-"));
  missing = await whyMissing(async () => {
    generator = await findSdkGenerator();
    for (const language of ["go", "nodejs", "python"])
      execFileSync(generator, [language, join(repository, "plugin/schema.json"), join(folder, language)]);
  });
});

beforeEach(({ skip }) => skip(missing !== undefined, missing));

afterAll(() => rmSync(folder, { recursive: true }));

const read = (file: string) => readFileSync(join(folder, file), "utf8");

const sources = "python/pulumi_exchange_auth";
const python = () => read(`${sources}/exchange_app_only_auth.py`);
const go = () => read("go/exchangeAppOnlyAuth.go");
const typescript = () => read("nodejs/exchangeAppOnlyAuth.ts");

/** Outputs that each stack has; the others are optional in every language. */
const always = new Set([
  "appId",
  "applicationObjectId",
  "connectExchangeOnline",
  "servicePrincipalObjectId",
  "tenantDomain",
  "tenantId",
]);

describe("in Python", () => {
  test("outputs have names of the language, and those that a stack may lack are optional", () => {
    const found = python().matchAll(
      /getter\(name="(\w+)"\)\n {4}def (\w+)\(self\) -> (pulumi\.Output\[.+\]):/g,
    );
    // A name of one word needs no other one.
    const renamed = outputNames.filter((name) => name !== snake(name));
    expect(Object.fromEntries([...found].map(([, name, own, type]) => [name, `${own}: ${type}`]))).toEqual(
      Object.fromEntries(
        renamed.map((name) => [
          name,
          `${snake(name)}: pulumi.Output[${always.has(name) ? "_builtins.str" : "Optional[_builtins.str]"}]`,
        ]),
      ),
    );
    expect(python()).toContain("def thumbprint(self) -> pulumi.Output[Optional[_builtins.str]]:");
  });

  test("enums are enums, and descriptions tell the defaults", () => {
    expect(python()).toContain("certificate: Optional['CertificateArgs'] = None,");
    expect(python()).toContain("cloud: Optional['Cloud'] = None,");
    expect(read(`${sources}/_enums.py`)).toContain('    US_GOVERNMENT_HIGH = "usGovernmentHigh"\n');
    expect(python()).toMatch(/:param 'Cloud' cloud: The Microsoft cloud [^:]+\n\s+Default: "global"\./);
    expect(read(`${sources}/_inputs.py`)).not.toContain("ArgsArgs");
  });

  test("every file compiles", async ({ skip }) => {
    const args = ["-m", "compileall", "-q", join(folder, sources)];
    const compiled = await runCommand("python3", args, { env: process.env }).catch(() => undefined);
    skip(compiled === undefined, "there is no Python");
    expect(compiled).toMatchObject({ exitCode: 0, stdout: "" });
  });
});

describe("in Go", () => {
  test("outputs have names of the language, and those that a stack may lack are pointers", () => {
    const [struct] = go().split("}\n");
    const found = struct?.matchAll(/^\t(\w+) pulumi\.(\w+) `pulumi:"(\w+)"`$/gm) ?? [];
    expect(Object.fromEntries([...found].map(([, own, type, name]) => [name, `${own} ${type}`]))).toEqual(
      Object.fromEntries(
        outputNames.map((name) => [
          name,
          `${name.charAt(0).toUpperCase()}${name.slice(1)} ${always.has(name) ? "StringOutput" : "StringPtrOutput"}`,
        ]),
      ),
    );
  });

  test("a program imports the same package, whether its plugin comes from a folder or from a tag", () => {
    // For a tag, Pulumi puts the owner of the repository into the schema, and a release its address.
    const released = { namespace: "contoso", repository: "https://github.com/contoso/exchange" };
    const imported = [{}, released].map((added, index) => {
      const own = JSON.parse(readFileSync(join(repository, "plugin/schema.json"), "utf8")) as {
        readonly meta: object;
      };
      const file = join(folder, `schema${index}.json`);
      writeFileSync(file, JSON.stringify({ ...own, ...added, meta: { ...own.meta, supportPack: true } }));
      execFileSync(generator, ["go", file, join(folder, `go${index}`)]);
      const text = read(`go${index}/exchangeauth/exchangeAppOnlyAuth.go`);
      return [
        read(`go${index}/go.mod`).split("\n")[0],
        /^\t"(.+\/exchangeauth)\/internal"$/m.exec(text)?.[1],
      ];
    });
    const example = readFileSync(join(repository, "examples/go/main.go"), "utf8");
    const used = /"(.+\/exchangeauth)"/.exec(example)?.[1];
    const same = ["module example.com/pulumi-exchange-auth/sdk/go", used];
    expect(imported).toEqual([same, same]);
  });

  test("enums are enums, and descriptions tell the defaults", () => {
    expect(read("go/pulumiEnums.go")).toContain('CloudUsGovernmentHigh = Cloud("usGovernmentHigh")');
    expect(go()).toMatch(/\/\/ The Microsoft cloud .+\n\t\/\/\n\t\/\/ Default: "global"\.\n\tCloud /);
    expect(read("go/pulumiTypes.go")).not.toContain("ArgsArgs");
  });
});

describe("in TypeScript", () => {
  test("outputs have the package's names, and those that a stack may lack may be undefined", () => {
    const found = typescript().matchAll(/readonly (\w+): pulumi\.Output<(.+)>;$/gm);
    expect(Object.fromEntries([...found].map(([, name, type]) => [name, type]))).toEqual(
      Object.fromEntries(
        outputNames.map((name) => [name, always.has(name) ? "string" : "string | undefined"]),
      ),
    );
  });

  test("enums are enums, and it takes no other package's name", () => {
    expect(read("nodejs/types/enums/index.ts")).toContain('UsGovernmentHigh: "usGovernmentHigh",');
    expect(JSON.parse(read("nodejs/package.json"))).toMatchObject({ name: "exchange-auth-sdk" });
  });
});

/** The SDKs whose generators are Go modules of their own. */
describe("in languages with a compiler", () => {
  let withoutGenerator: string | undefined;

  beforeAll(async () => {
    withoutGenerator = await whyMissing(async () => {
      const other = await findOtherSdkGenerator();
      for (const language of ["csharp", "java"])
        execFileSync(other, [language, join(repository, "plugin/schema.json"), join(folder, language)]);
    });
  });

  beforeEach(({ skip }) => skip(withoutGenerator !== undefined, withoutGenerator));

  const javaSources = "java/src/main/java/com/pulumi/exchangeauth";

  test("outputs of C# have names of the language, and those that a stack may lack may be null", () => {
    const text = read("csharp/ExchangeAppOnlyAuth.cs");
    const found = text.matchAll(/\[Output\("(\w+)"\)\]\n\s+public Output<(string\??)> (\w+) /g);
    expect(Object.fromEntries([...found].map(([, name, type, own]) => [name, `${own} ${type}`]))).toEqual(
      Object.fromEntries(
        outputNames.map((name) => [
          name,
          `${name.charAt(0).toUpperCase()}${name.slice(1)} string${always.has(name) ? "" : "?"}`,
        ]),
      ),
    );
  });

  test("outputs of Java have names of the language, and those that a stack may lack are optional", () => {
    const text = read(`${javaSources}/ExchangeAppOnlyAuth.java`);
    const found = text.matchAll(/public Output<(String|Optional<String>)> (\w+)\(\)/g);
    expect(Object.fromEntries([...found].map(([, type, name]) => [name, type]))).toEqual(
      Object.fromEntries(outputNames.map((name) => [name, always.has(name) ? "String" : "Optional<String>"])),
    );
  });

  test("enums are enums, and descriptions tell the defaults", () => {
    const own = read("csharp/ExchangeAppOnlyAuth.cs");
    expect(read("csharp/Enums.cs")).toContain(
      'Cloud UsGovernmentHigh { get; } = new Cloud("usGovernmentHigh");',
    );
    expect(read(`${javaSources}/enums/Cloud.java`)).toContain('UsGovernmentHigh("usGovernmentHigh"),');
    expect(own).toMatch(
      /Default: "global"\.\n\s+\/\/\/ <\/summary>\n\s+\[Input\("cloud"\)\]\n\s+public .*Cloud\?/,
    );
    const args = read(`${javaSources}/ExchangeAppOnlyAuthArgs.java`);
    expect(args).toMatch(/Default: &#34;global&#34;\.[^]{0,40}@Import\(name="cloud"\)/);
    for (const language of ["csharp", "java"])
      for (const file of globSync(`${language}/**/*.{cs,java}`, { cwd: folder }))
        expect(read(file)).not.toContain("ArgsArgs");
  });

  test("Java's files compile with a program that uses them", { timeout: 300_000 }, async ({ skip }) => {
    const project = join(folder, "javaProgram");
    cpSync(join(repository, "tests/fixtures/languages/java"), project, { recursive: true });
    const classpath = join(project, "classpath");
    const args = ["--quiet", "--batch-mode", "dependency:build-classpath", `-Dmdep.outputFile=${classpath}`];
    const resolved = await runCommand("mvn", args, { cwd: project }).catch(() => undefined);
    skip(resolved === undefined, "`mvn` is not on PATH");
    skip(resolved?.exitCode !== 0, `Maven cannot get com.pulumi:pulumi: ${resolved?.stdout.trim()}`);
    const files = globSync(`${javaSources}/**/*.java`, { cwd: folder }).map((file) => join(folder, file));
    const options = [
      "-cp",
      readFileSync(classpath, "utf8"),
      "-d",
      join(project, "classes"),
      "-Xlint:-options",
    ];
    const compiled = await runCommand("javac", [...options, join(project, "App.java"), ...files]).catch(
      () => undefined,
    );
    skip(compiled === undefined, "`javac` is not on PATH");
    expect(compiled).toMatchObject({ exitCode: 0 });
  });

  test("C#'s files compile", { timeout: 300_000 }, async ({ skip }) => {
    const built = await runCommand("dotnet", ["build", "--nologo"], { cwd: join(folder, "csharp") }).catch(
      () => undefined,
    );
    skip(built === undefined, "`dotnet` is not on PATH");
    skip(
      built?.stdout.includes("NU1301") === true,
      "NuGet cannot get Pulumi's package: its feed does not answer",
    );
    expect(built).toMatchObject({ exitCode: 0 });
  });
});

/** As Pulumi names what Python programs see: `tenantDomain` is `tenant_domain`. */
function snake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
