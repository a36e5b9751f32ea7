import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";

import { missingTool, runTool } from "../components/pfx/pfxTools.ts";

const host = path.join(import.meta.dirname, "../../examples/host");
const shell = path.join(host, "job.sh");

let folder: string;
let environment: Record<string, string>;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "exchange-auth-host-"));
  const bin = path.join(folder, "bin");
  mkdirSync(bin);
  writeFileSync(
    path.join(bin, "pwsh"),
    '#!/bin/sh\nprintf "%s\\n" "$@" "password=$EXCHANGE_PFX_PASSWORD"\nexit 3\n',
  );
  chmodSync(path.join(bin, "pwsh"), 0o755);
  writeFileSync(path.join(folder, "exchange.pfx"), "a PFX");
  writeFileSync(path.join(folder, "password.txt"), "pässword with $ and spaces\n");
  environment = {
    PATH: `${bin}:${process.env["PATH"]}`,
    EXCHANGE_APP_ID: "4c0d0ce9-1f0f-4d8a-9d9b-3a8a6b7f7c11",
    EXCHANGE_TENANT_DOMAIN: "contoso.onmicrosoft.com",
    EXCHANGE_PFX: path.join(folder, "exchange.pfx"),
    EXCHANGE_PFX_PASSWORD_FILE: path.join(folder, "password.txt"),
  };
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function run() {
  const { status, stdout, stderr } = spawnSync("sh", [shell], { encoding: "utf8", env: environment });
  return { status, stdout, stderr };
}

describe("job.sh", () => {
  it("hands the password over in the environment, never on the command line, and ends as the job ends", () => {
    expect(run()).toEqual({
      status: 3,
      stderr: "",
      stdout: `${[
        "-NoProfile",
        "-NonInteractive",
        "-File",
        path.join(host, "job.ps1"),
        "-AppId",
        "4c0d0ce9-1f0f-4d8a-9d9b-3a8a6b7f7c11",
        "-TenantDomain",
        "contoso.onmicrosoft.com",
        "-PfxPath",
        path.join(folder, "exchange.pfx"),
        "password=pässword with $ and spaces",
      ].join("\n")}\n`,
    });
  });

  it("names every variable that is missing", () => {
    delete environment["EXCHANGE_APP_ID"];
    environment["EXCHANGE_PFX"] = "";
    expect(run()).toEqual({
      status: 2,
      stdout: "",
      stderr: "The job cannot start: set EXCHANGE_APP_ID EXCHANGE_PFX.\n",
    });
  });

  it("names a file that cannot be read", () => {
    environment["EXCHANGE_PFX"] = path.join(folder, "none.pfx");
    const { status, stderr } = run();
    expect(status).toBe(2);
    expect(stderr).toMatch(/^The job cannot start: .*none\.pfx cannot be read by \w+\. Give the account/);
  });

  it("is clean to shellcheck", ({ skip }) => {
    const missing = missingTool("shellcheck", "shellcheck", ["--version"], /ShellCheck/);
    skip(missing !== undefined, `${missing}, and ${inject("noPythonTools")}`);
    expect(runTool("shellcheck", [shell])).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  });
});

it("job.ps1 is clean to PSScriptAnalyzer", ({ skip }) => {
  const version = ["-NoProfile", "-Command", "(Get-Module -ListAvailable PSScriptAnalyzer).Name"];
  const missing = missingTool("PSScriptAnalyzer", "pwsh", version, /PSScriptAnalyzer/);
  skip(missing !== undefined, `${missing}, which no package registry has`);
  const analysis = `Invoke-ScriptAnalyzer -Path '${path.join(host, "job.ps1")}' | Out-String`;
  expect(spawnSync("pwsh", ["-NoProfile", "-Command", analysis], { encoding: "utf8" }).stdout.trim()).toBe(
    "",
  );
});
