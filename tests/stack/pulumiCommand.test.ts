import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { startPulumi } from "../../stack/pulumiCli.ts";
import { pulumiCommand } from "../../stack/pulumiCommand.ts";

const env = { Path: "C:\\tools;C:\\Program Files\\pulumi", ComSpec: "C:\\Windows\\cmd.exe" };
const args = ["up", "--target", "urn:pulumi:s::p::a$b::c**", "--stack", "org/p/with space"];

test("elsewhere than on Windows, PATH is the system's business", () => {
  expect(pulumiCommand(args, { env: {}, platform: "linux" })).toEqual({ file: "pulumi", args });
});

test("Windows: a program is started itself, before a script that comes first on PATH", () => {
  const isFile = among("C:\\Program Files\\pulumi\\pulumi.exe", "C:\\tools\\pulumi.cmd");
  expect(pulumiCommand(args, { env, platform: "win32", isFile })).toEqual({
    file: "C:\\Program Files\\pulumi\\pulumi.exe",
    args,
  });
});

test("Windows: a script is started by cmd.exe, each argument in quotes", () => {
  const isFile = among("C:\\Program Files\\pulumi\\pulumi.cmd");
  expect(pulumiCommand(args, { env, platform: "win32", isFile })).toEqual({
    file: "C:\\Windows\\cmd.exe",
    args: [
      "/d",
      "/s",
      "/c",
      '""C:\\Program Files\\pulumi\\pulumi.cmd" "up" "--target" "urn:pulumi:s::p::a$b::c**" "--stack" "org/p/with space""',
    ],
    windowsVerbatimArguments: true,
  });
});

test.each(['a"b', "a%PATH%", "a&b", "a|b", "a^b", "a>b", "a<b", "a!b", "a\nb"])(
  "Windows: what cmd.exe would read as its own goes to no script (%j)",
  (stack) => {
    const place = { env, platform: "win32", isFile: (file: string) => file.endsWith(".cmd") } as const;
    expect(() => pulumiCommand(["up", "--stack", stack], place)).toThrow(
      `"${stack}" has a character that cmd.exe interprets`,
    );
  },
);

test("Windows: without Pulumi on PATH, starting it fails as anywhere", () => {
  expect(pulumiCommand(args, { env, platform: "win32", isFile: () => false }).file).toBe("pulumi");
});

test.each(["linux", "win32"] as const)(
  "an interrupt on %s ends Pulumi as the console there does not",
  async (platform) => {
    const folder = mkdtempSync(join(tmpdir(), "exo-auth-pulumi-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const script = join(folder, "pulumi");
    // It ends when it is told to, or once there is a file, which the test makes after its interrupt.
    writeFileSync(
      script,
      "#!/bin/sh\ntrap 'echo interrupted; exit 3' INT\necho started\nuntil [ -e \"$RELEASE\" ]; do sleep 0.05; done\necho ended\n",
    );
    chmodSync(script, 0o755);
    const controller = new AbortController();
    const release = join(folder, "release");
    const variables = { PATH: `${folder}:${process.env["PATH"]}`, RELEASE: release };
    const { stdout, ended } = startPulumi(
      ["up"],
      { env: variables, signal: controller.signal },
      undefined,
      platform,
    );
    const lines = createInterface(stdout)[Symbol.asyncIterator]();
    // The trap is set before this line is printed.
    expect(await lines.next()).toEqual({ done: false, value: "started" });
    controller.abort(new Error("aborted by the test"));
    if (platform === "win32") writeFileSync(release, "");
    await expect(ended).rejects.toThrow("aborted by the test");
    expect(await lines.next()).toEqual({
      done: false,
      value: platform === "win32" ? "ended" : "interrupted",
    });
    expect(await lines.next()).toEqual({ done: true, value: undefined });
  },
);

test("a preview is not streamed, whatever the environment says", async () => {
  const folder = mkdtempSync(join(tmpdir(), "exo-auth-pulumi-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "pulumi"), '#!/bin/sh\necho "$PULUMI_ENABLE_STREAMING_JSON_PREVIEW"\n');
  chmodSync(join(folder, "pulumi"), 0o755);
  const variables = {
    PATH: `${folder}:${process.env["PATH"]}`,
    PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
  };
  const { stdout } = startPulumi(["preview"], { env: variables, signal: new AbortController().signal });
  expect(await text(stdout)).toBe("false\n");
});

function among(...files: readonly string[]): (file: string) => boolean {
  return (file) => files.includes(file);
}
