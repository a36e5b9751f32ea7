import {
  mkdtempSync,
  type PathLike,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { link, rename } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { restrictToUser } from "../../../operations/export/restrictToUser.ts";
import { type FileSystem, writeFiles } from "../../../operations/export/writeFiles.ts";

const names = ["a.cer", "a.pfx", "a.pem"];
const files = names.map((name, index) => ({ name, content: `new ${name}`, isSecret: index > 0 }));
const system: FileSystem = { link, rename, restrict: async () => undefined };
const old = { "a.cer": "old a.cer", "a.pfx": "old a.pfx", "a.pem": "old a.pem" };
const written = { "a.cer": "new a.cer", "a.pfx": "new a.pfx", "a.pem": "new a.pem" };

test.each(names)("with --force, nothing is replaced where %s cannot be", async (failing) => {
  const folder = folderWith(old);
  await expect(
    writeFiles(folder, files, true, { ...system, rename: failingAt(rename, failing, "EACCES") }),
  ).rejects.toMatchObject({
    code: "EXO_AUTH_FILE",
    message: `The files could not be written into "${folder}": Error: EACCES. Choose another folder with --out.`,
  });
  expect(contents(folder)).toEqual(old);
});

test("with --force, what was not there is not there after a failure either", async () => {
  const folder = folderWith({ "a.cer": "old a.cer" });
  await expect(
    writeFiles(folder, files, true, { ...system, link: failingAt(link, "a.pem", "EIO") }),
  ).rejects.toThrow("EIO");
  expect(contents(folder)).toEqual({ "a.cer": "old a.cer" });
});

test("with --force, all are replaced, with the modes of new files", async () => {
  const folder = folderWith(old);
  await writeFiles(folder, files, true);
  expect(contents(folder)).toEqual(written);
  expect(names.map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual([0o644, 0o600, 0o600]);
});

test("a file that came into being meanwhile stays, and the others go", async () => {
  const folder = folderWith({});
  await expect(writeFiles(folder, files, false, { ...system, link: racingLink })).rejects.toThrow(
    `"${join(folder, "a.pem")}" exists already.`,
  );
  expect(contents(folder)).toEqual({ "a.pem": "of somebody else" });
});

test.each(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"])("a drive without links (%s)", async (code) => {
  const withoutLinks: FileSystem = {
    ...system,
    link: async () => {
      throw systemError(code);
    },
  };
  const folder = folderWith({});
  await writeFiles(folder, files, false, withoutLinks);
  expect(contents(folder)).toEqual(written);
  await expect(writeFiles(folder, files, false, withoutLinks)).rejects.toThrow("exists already.");
  const broken = folderWith({});
  await expect(
    writeFiles(broken, files, false, { ...withoutLinks, rename: failingAt(rename, "a.pem", "ENOSPC") }),
  ).rejects.toThrow("ENOSPC");
  expect(contents(broken)).toEqual({});
});

test("secret files are taken from everyone else while they are empty, the public one is not", async () => {
  const folder = folderWith({});
  const restricted: string[] = [];
  const restrict = async (file: string): Promise<void> => {
    restricted.push(`${file.slice(folder.length + 1, folder.length + 6)} ${readFileSync(file, "utf8")}`);
  };
  await writeFiles(folder, files, false, { ...system, restrict });
  expect(restricted).toEqual(["a.pfx ", "a.pem "]);
  const failing = folderWith({});
  await expect(writeFiles(failing, files, false, { ...system, restrict: refuseIcacls })).rejects.toThrow(
    "icacls failed",
  );
  expect(contents(failing)).toEqual({});
});

test("Windows gets an access list of this user alone; other systems have the mode", async () => {
  const calls: string[][] = [];
  const run = async (program: string, args: readonly string[]): Promise<string> => {
    calls.push([program, ...args]);
    return "contoso\\anna\r\n";
  };
  await restrictToUser("C:\\out\\a.pfx", "win32", run);
  expect(calls).toEqual([
    ["whoami"],
    ["icacls", "C:\\out\\a.pfx", "/inheritance:r", "/grant:r", "contoso\\anna:F", "/q"],
  ]);
  calls.length = 0;
  await restrictToUser("/out/a.pfx", "linux", run);
  expect(calls).toEqual([]);
});

/** As it is, but for one file. */
function failingAt(
  change: (from: PathLike, to: PathLike) => Promise<void>,
  name: string,
  code: string,
): (from: PathLike, to: PathLike) => Promise<void> {
  return async (from, to) => {
    if (String(to).endsWith(name)) throw systemError(code);
    await change(from, to);
  };
}

/** Somebody else is quicker with one file. */
async function racingLink(from: PathLike, to: PathLike): Promise<void> {
  if (String(to).endsWith("a.pem")) writeFileSync(to, "of somebody else");
  await link(from, to);
}

async function refuseIcacls(): Promise<void> {
  throw new Error("icacls failed");
}

function folderWith(texts: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "exo-auth-export-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
  return folder;
}

function contents(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );
}

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}
