import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { inThrowAwayStack } from "../../stack/throwAwayStack.ts";

let folder: string;
const { signal } = new AbortController();

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "exchange-auth-throw-away-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

function stateOf(urn: string) {
  return { version: 4, features: ["hooks"], deployment: { resources: [{ urn }] } };
}

test("the copy is a backend of its own, with the project's plugins and nothing of the stack's settings", async () => {
  mkdirSync(path.join(folder, "below"));
  writeFileSync(
    path.join(folder, "Pulumi.yaml"),
    "name: exchange\nbackend: { url: s3://states }\nplugins: { providers: [{ name: azuread, path: ../own }] }\n",
  );
  const env = {
    PATH: "/bin",
    PULUMI_BACKEND_URL: "s3://states",
    PULUMI_CONFIG_PASSPHRASE: "the stack's",
    PULUMI_CONFIG_PASSPHRASE_FILE: "/etc/passphrase",
    PULUMI_OPTION_CONFIG_FILE: "/settings.yaml",
    PULUMI_STACK: "other",
  };
  const options = { stack: "org/exchange/contoso", cwd: path.join(folder, "below"), env, signal };
  const state = stateOf("urn:pulumi:contoso::exchange::pulumi:pulumi:Stack::exchange-contoso");
  const copy = await inThrowAwayStack(state, options, async ({ stack, cwd = "", env: own, ...rest }) => {
    const { PULUMI_BACKEND_URL: url = "", PULUMI_CONFIG_PASSPHRASE: passphrase, ...others } = own;
    const at = url.replace("file://", "");
    expect({ stack, rest, others }).toEqual({
      stack: undefined,
      rest: { signal },
      others: { PATH: "/bin", PULUMI_STACK: "contoso" },
    });
    expect(passphrase).toMatch(/^[0-9a-f-]{36}$/);
    expect(statSync(at).mode & 0o777).toBe(0o700);
    expect(JSON.parse(readFileSync(path.join(at, ".pulumi/stacks/exchange/contoso.json"), "utf8"))).toEqual({
      version: 4,
      features: ["hooks"],
      checkpoint: { stack: "organization/exchange/contoso", latest: state.deployment },
    });
    expect(JSON.parse(readFileSync(path.join(cwd, "Pulumi.yaml"), "utf8"))).toEqual({
      name: "exchange",
      runtime: "nodejs",
      plugins: { providers: [{ name: "azuread", path: path.join(folder, "../own") }] },
    });
    return at;
  });
  expect(existsSync(copy)).toBe(false);
});

test("it goes away where what works on it fails, and nothing listens for the process's end any more", async () => {
  const listeners = process.listenerCount("exit");
  let copy = "";
  const failing = inThrowAwayStack(
    stateOf("urn:pulumi:a::b::c::d"),
    { cwd: folder, env: {}, signal },
    (own) => {
      copy = own.cwd ?? "";
      expect(process.listenerCount("exit")).toBe(listeners + 1);
      return Promise.reject(new Error("on purpose"));
    },
  );
  await expect(failing).rejects.toThrow("on purpose");
  expect({ copy: existsSync(copy), listeners: process.listenerCount("exit") }).toEqual({
    copy: false,
    listeners,
  });
});

test.each(["..", "a/b", "a\\b", "", "a b"])(
  "a state cannot have it write elsewhere: a project called %j",
  async (name) => {
    for (const urn of [`urn:pulumi:contoso::${name}::c::d`, `urn:pulumi:${name}::exchange::c::d`]) {
      await expect(
        inThrowAwayStack(stateOf(urn), { cwd: folder, env: {}, signal }, () => Promise.resolve()),
      ).rejects.toThrow("The state's resources name a project or a stack that Pulumi does not allow.");
    }
  },
);
