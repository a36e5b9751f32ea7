import {
  chmodSync,
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
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { restrictToUser } from "../../../operations/export/restrictToUser.ts";
import type { FileSystem } from "../../../operations/export/placeFiles.ts";
import { writeFiles } from "../../../operations/export/writeFiles.ts";

const names = ["a.cer", "a.pfx", "a.pem"];
const files = names.map((name, index) => ({ name, content: `new ${name}`, isSecret: index > 0 }));
const system: FileSystem = { link, rename, restrict: async () => true };
const old = { "a.cer": "old a.cer", "a.pfx": "old a.pfx", "a.pem": "old a.pem" };
const written = { "a.cer": "new a.cer", "a.pfx": "new a.pfx", "a.pem": "new a.pem" };

afterEach(() => vi.unstubAllEnvs());

test.each(names)("with --force, nothing is replaced where %s cannot be", async (failing) => {
  const folder = folderWith(old);
  await expect(
    writeFiles(folder, files, true, { ...system, rename: failingAt(rename, failing, "EACCES") }),
  ).rejects.toMatchObject({
    code: "EXO_AUTH_FILE",
    message: `The files could not be written to "${folder}": EACCES. Choose another folder with --out.`,
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

test.each(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EINVAL", "EISDIR"])(
  "a drive without links (%s)",
  async (code) => {
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
  },
);

test("secret files are taken from everyone else while they are empty, the public one is not", async () => {
  const folder = folderWith({});
  const restricted: string[] = [];
  const restrict = async (file: string): Promise<boolean> => {
    restricted.push(`${file.slice(folder.length + 1, folder.length + 6)} ${readFileSync(file, "utf8")}`);
    return !file.includes("a.pem");
  };
  expect(await writeFiles(folder, files, false, { ...system, restrict })).toEqual({
    paths: names.map((name) => join(folder, name)),
    exposed: [join(folder, "a.pem")],
  });
  expect(restricted).toEqual(["a.pfx ", "a.pem "]);
  const failing = folderWith({});
  await expect(writeFiles(failing, files, false, { ...system, restrict: refuseIcacls })).rejects.toThrow(
    "icacls failed",
  );
  expect(contents(failing)).toEqual({});
});

const system32 = (program: string): string => `C:\\Windows\\System32\\${program}.exe`;

test("Windows gets an access list of this user alone, by SID and by Windows's own programs", async () => {
  vi.stubEnv("SystemRoot", "C:\\Windows");
  const calls: string[][] = [];
  const run = async (program: string, args: readonly string[]): Promise<string> => {
    calls.push([program, ...args]);
    return '"contoso\\j\uFFFDrgen","S-1-5-21-1004336348-1177238915-682003330-1001"\r\n';
  };
  expect(await restrictToUser("C:\\out\\a.pfx", "win32", run)).toBe(true);
  expect(calls).toEqual([
    [system32("whoami"), "/user", "/fo", "csv", "/nh"],
    [
      system32("icacls"),
      "C:\\out\\a.pfx",
      "/inheritance:r",
      "/grant:r",
      "*S-1-5-21-1004336348-1177238915-682003330-1001:F",
      "/q",
    ],
  ]);
  const another = restrictToUser("C:\\out\\a.pfx", "win32", async () => "anna\n");
  await expect(another).rejects.toThrow('whoami tells no SID, got "anna"');
});

test("elsewhere the mode tells whether others can read a file", async () => {
  const folder = folderWith({ private: "", open: "" });
  chmodSync(join(folder, "private"), 0o600);
  chmodSync(join(folder, "open"), 0o755);
  expect(await restrictToUser(join(folder, "private"), "linux", refuseIcacls)).toBe(true);
  expect(await restrictToUser(join(folder, "open"), "darwin", refuseIcacls)).toBe(false);
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

async function refuseIcacls(): Promise<never> {
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
