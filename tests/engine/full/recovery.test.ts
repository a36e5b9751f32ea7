import { readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";

import { afterAll, beforeAll, expect, test, vi } from "vitest";

import { run } from "../../../cli/run.ts";
import type { StackComponent } from "../../../stack/components.ts";
import { createSandbox, type Sandbox } from "../../../sandbox/createSandbox.ts";
import { killAfter } from "../../../sandbox/faultTable/killAfter.ts";
import { trustInThisProcess } from "../../../sandbox/workspace/trust.ts";
import type { StackWorkspace } from "../../../sandbox/workspace/workspace.ts";
import { commandsOf, read } from "../../docs/pages.ts";
import { copyProgram } from "../../docs/programCopy.ts";
import { componentOf, day, signIn, validThumbprints } from "../rotationSupport.ts";
import { callGraph, within } from "../support.ts";
import { onMovableClock } from "../standIns.ts";

// What docs/recovery.md and docs/rotation.md say, in a reader's clone. One stack, one misfortune after another.
let sandbox: Sandbox;
let stack: StackWorkspace;
let folder: string;
let settings: string;
const pending = ["docs/recovery.md", "docs/rotation.md"].flatMap((page) => {
  const texts = page === "docs/recovery.md" ? commandsOf("docs/recovery.md") : commandsOf("docs/rotation.md");
  return texts.map(({ text }) => `${page}: ${text}`);
});

beforeAll(async () => {
  sandbox = await createSandbox({ ...onMovableClock(), tenant: { now: () => new Date() } });
  trustInThisProcess(sandbox.tenant.certificateAuthorityPem);
  folder = path.join(sandbox.folder.path, "clone");
  copyProgram(folder);
  settings = path.join(folder, "Pulumi.contoso.yaml");
  stack = within(
    {
      ...sandbox,
      name: "contoso",
      settings,
      run: (command, args, options) => sandbox.run(command, args, { cwd: folder, ...options }),
    },
    { ...sandbox.env, PULUMI_STACK: "contoso" },
  );
  await shell("pulumi stack init contoso");
  await shell("pulumi up --yes --skip-preview");
});

afterAll(async () => {
  vi.useRealTimers();
  await sandbox.close();
});

test("a key was stolen", async () => {
  const before = await state();
  const said = await follow("docs/recovery.md", "exo-auth revoke --yes");
  expect(said).toMatch(/Entra refused it three times in a row/);
  expect(said).toMatch(
    /live on until about \d{4}-\d\d-\d\d \d\d:\d\d UTC, or longer if .* nothing recalls them/,
  );
  const after = await state();
  expect(await validThumbprints(sandbox.tenant, after)).toEqual([after.thumbprint]);
  expect((await signIn(sandbox.tenant, before)).problem?.cause).toBe("certificateNotAccepted");
  await follow("docs/recovery.md", "exo-auth revoke --now --yes");
  await expectOneThatWorks();
});

test("the application was deleted and restored", async () => {
  const before = await state();
  await callGraph(sandbox.tenant, "DELETE", `/applications/${before.applicationObjectId}`);
  expect((await signIn(sandbox.tenant, before)).problem?.cause).toBe("applicationMissing");
  await callGraph(
    sandbox.tenant,
    "POST",
    `/directory/deletedItems/${before.applicationObjectId}/restore`,
    {},
  );
  await follow("docs/recovery.md", "pulumi up --refresh --yes");
  await follow("docs/recovery.md", "exo-auth verify");
  const { appId, thumbprint } = await state();
  expect({ appId, thumbprint }).toEqual({ appId: before.appId, thumbprint: before.thumbprint });
  await expectOneThatWorks();
});

test("the application is gone for good, and the next update creates another one", async () => {
  const before = await state();
  await callGraph(sandbox.tenant, "DELETE", `/applications/${before.applicationObjectId}`);
  await callGraph(sandbox.tenant, "DELETE", `/directory/deletedItems/${before.applicationObjectId}`);
  const [show = "", remove = "", update = ""] = fence("docs/recovery.md", "pulumi stack --show-urns");
  const urns = (await shell(show)).match(/urn:pulumi:\S+/g) ?? [];
  const [marker, ...others] = urns.filter((urn) => /::[\w-]+-marker$/.test(urn));
  const certificates = urns.filter((urn) => urn.includes(":ApplicationCertificate::"));
  expect([certificates.length, others]).toEqual([before.generations.length, []]);
  for (const urn of certificates) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other, on one stack.
    await shell(remove.replace("URN-OF-THE-APPLICATIONCERTIFICATE", urn));
  }
  await shell(`${update.replace("URN-OF-THE-MARKER", marker ?? "")} --yes`);
  const after = await state();
  expect(after.appId).not.toBe(before.appId);
  expect(await validThumbprints(sandbox.tenant, after)).toEqual([after.thumbprint]);
  await shell("pulumi preview --refresh --expect-no-changes");
  await expectOneThatWorks();
});

test("an update was killed", async () => {
  const before = await state();
  await shell("pulumi config set displayName Renamed");
  const args = ["up", "--skip-preview", "--yes", "--cwd", folder];
  const rename = { method: "PATCH", path: /\/applications\// };
  expect(await killAfter(stack, args, sandbox.tenant, rename)).toBe(true);
  await follow("docs/recovery.md", "pulumi cancel --yes");
  expect(await follow("docs/recovery.md", "exo-auth repair --yes")).toBe("There is nothing to repair.\n");
  await follow("docs/recovery.md", "pulumi up --refresh --yes");
  expect(await callGraph(sandbox.tenant, "GET", `/applications/${before.applicationObjectId}`)).toMatchObject(
    { displayName: "Renamed" },
  );
  await expectOneThatWorks();
});

test("a consent was removed and made again by hand", async () => {
  const { servicePrincipalObjectId } = await state();
  const consents = `/servicePrincipals/${servicePrincipalObjectId}/appRoleAssignments`;
  const { value } = await callGraph(sandbox.tenant, "GET", consents);
  const [{ id, principalId, resourceId, appRoleId } = {}] = value as Record<string, unknown>[];
  await callGraph(sandbox.tenant, "DELETE", `${consents}/${String(id)}`);
  await callGraph(sandbox.tenant, "POST", consents, { principalId, resourceId, appRoleId });
  await expect(shell("pulumi up --refresh --yes")).rejects.toThrow(/Run `exo-auth repair`/);
  expect(await follow("docs/recovery.md", "exo-auth repair --yes")).toMatch(
    /^Repaired\.\n✓ imported: exchange: consent exchange-office365-exchange-online-exchange-manage-as-app\n/,
  );
  await follow("docs/recovery.md", "pulumi up --yes");
  await shell("pulumi preview --refresh --expect-no-changes");
  await expectOneThatWorks();
});

test("the state is lost, and there is a copy", async () => {
  const before = await state();
  await follow("docs/recovery.md", "pulumi stack export --file contoso.json");
  rmSync(path.join(sandbox.folder.state, ".pulumi", "stacks"), { recursive: true });
  await follow("docs/recovery.md", "pulumi stack init contoso");
  await follow("docs/recovery.md", "pulumi stack import --file contoso.json");
  await follow("docs/recovery.md", "pulumi up --refresh --yes");
  expect(await state()).toEqual(before);
  await expectOneThatWorks();
});

test("the state is damaged", async () => {
  const before = await state();
  const beside = path.join(".pulumi", "stacks", "exchange-auth", "contoso.json.attrs");
  truncateSync(path.join(sandbox.folder.state, beside));
  await expect(state()).rejects.toThrow("failed to load checkpoint: EOF");
  await follow(
    "docs/recovery.md",
    "find .pulumi/stacks -name '*.attrs' -empty -delete",
    {},
    sandbox.folder.state,
  );
  await follow("docs/recovery.md", "pulumi cancel --yes");
  expect(await state()).toEqual(before);
});

test("a rotation: what is next, each step at once, each step as a reviewed change", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(Date.now() + 260 * day);
  expect(await follow("docs/rotation.md", "exo-auth rotate --dry-run")).toMatch(
    /To be done: add a generation/,
  );
  expect(await follow("docs/rotation.md", "exo-auth rotate")).toMatch(
    /Done: add a generation: 4; generations 3 -> 3, 4/,
  );
  expect(await follow("docs/rotation.md", "exo-auth rotate --no-up")).toMatch(
    /Exchange Online answered[^]*Edited ".*Pulumi\.contoso\.yaml": switch to another generation: 4/,
  );
  await follow("docs/rotation.md", "pulumi up --yes");
  expect((await state()).generations.map(({ generation }) => generation)).toEqual(["4", "3"]);
});

test("the certificate expired", async () => {
  vi.setSystemTime(Date.now() + 1000 * day);
  const said = await follow("docs/recovery.md", "exo-auth rotate", {
    SANDBOX_TIME: new Date().toISOString(),
  });
  expect(said).toMatch(/Done: replace the expired generation: 5/);
  await expectOneThatWorks();
  vi.useRealTimers();
});

test("the passphrase is lost: the ids are not, and the tenant is left alone", async () => {
  const before = await state();
  stack = within(stack, { ...stack.env, PULUMI_CONFIG_PASSPHRASE: "not the right one" });
  await follow("docs/recovery.md", "pulumi stack export --file lost.json");
  const ids = readFileSync(path.join(folder, "lost.json"), "utf8");
  expect(ids).toContain(`/applications/${before.applicationObjectId}`);
  await follow("docs/recovery.md", "pulumi stack rm contoso --force --preserve-config --yes");
  writeFileSync(settings, readFileSync(settings, "utf8").replace(/^encryptionsalt:.*\n/m, ""));
  await shell("pulumi stack init contoso");
  expect(await validThumbprints(sandbox.tenant, before)).toHaveLength(1);
});

test("every command of both pages was run", () => {
  expect(pending).toEqual([]);
});

/** Runs a command that a page has, as a reader in the clone. */
async function follow(
  page: string,
  text: string,
  changes: NodeJS.ProcessEnv = {},
  cwd = folder,
): Promise<string> {
  const index = pending.indexOf(`${page}: ${text}`);
  if (index < 0) throw new Error(`${page} has no "${text}" that was not run yet.`);
  pending.splice(index, 1);
  if (!text.startsWith("exo-auth ")) return shell(text, cwd);
  // In this process, whose clock the test moves.
  let said = "";
  const stream = { write: (part: string) => (said += part) };
  const env = { ...stack.env, ...changes };
  const signal = new AbortController().signal;
  const args = [...text.split(" ").slice(1), "--cwd", folder, "--color", "never"];
  const exitCode = await run(args, { stdout: stream, stderr: stream, env, signal });
  if (exitCode !== 0) throw new Error(`${text} ended with ${exitCode}:\n${said}`);
  return said;
}

/** The lines of a page's block that begins like this. */
function fence(page: "docs/recovery.md", first: string): readonly string[] {
  const block = read(page)
    .split("```")
    .find((text) => text.startsWith(`text\n${first}\n`));
  return block?.trim().split("\n").slice(1) ?? [];
}

async function shell(text: string, cwd = folder): Promise<string> {
  const { exitCode, stdout, stderr } = await stack.run("sh", ["-c", text], { cwd });
  if (exitCode !== 0) throw new Error(`${text} ended with ${exitCode}:\n${stdout}${stderr}`);
  return stdout;
}

/** The component as the last update left it. */
function state(): Promise<StackComponent> {
  return componentOf(stack, folder);
}

async function expectOneThatWorks(): Promise<void> {
  const component = await state();
  expect((await signIn(sandbox.tenant, component)).problem).toBeUndefined();
  expect(await validThumbprints(sandbox.tenant, component)).toContain(component.thumbprint);
}
