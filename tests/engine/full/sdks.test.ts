import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { outputNames } from "../../../components/outputs.ts";
import { findSdkGenerator } from "../../../sandbox/toolchain/sdkGenerator.ts";
import { repository } from "../../../sandbox/workspace/sandboxFolder.ts";
import { runCommand } from "../../../sandbox/workspace/runCommand.ts";
import { whyMissing } from "./missingProgram.ts";

// What programs in other languages see of the component: the SDKs that Pulumi's own generators write.
let folder: string;
let missing: string | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "exchange-auth-sdks-"));
  missing = await whyMissing(async () => {
    const generator = await findSdkGenerator();
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

  test("secrets are secret, enums are enums, and descriptions tell the defaults", () => {
    expect(python()).toContain('additional_secret_outputs=["pfxBase64", "pfxPassword", "privateKeyPem"]');
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

  test("secrets are secret, enums are enums, and descriptions tell the defaults", () => {
    expect(go()).toContain(
      'pulumi.AdditionalSecretOutputs([]string{\n\t\t"pfxBase64",\n\t\t"pfxPassword",\n\t\t"privateKeyPem",\n\t})',
    );
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

  test("secrets are secret, enums are enums, and it takes no other package's name", () => {
    expect(typescript()).toContain(
      '{ additionalSecretOutputs: ["pfxBase64", "pfxPassword", "privateKeyPem"] }',
    );
    expect(read("nodejs/types/enums/index.ts")).toContain('UsGovernmentHigh: "usGovernmentHigh",');
    expect(JSON.parse(read("nodejs/package.json"))).toMatchObject({ name: "exchange-auth-sdk" });
  });
});

/** As Pulumi names what Python programs see: `tenantDomain` is `tenant_domain`. */
function snake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
