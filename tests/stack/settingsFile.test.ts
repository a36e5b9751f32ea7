import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import {
  listedGenerations,
  readSettingsFile,
  withGenerations,
  writeSettingsFile,
} from "../../stack/settingsFile.ts";

const key = "exchange-auth:certificate";
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "exchange-auth-settings-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const settings = `# Contoso's production tenant
encryptionsalt: v1:abc:def==

config:
  exchange-auth:displayName: Nightly jobs # shown in Entra
  exchange-auth:certificate:
    # a year, less a day
    validityDays: 364
    generations:
      # made by Anna
      - name: "1"
        publicCertificate:
          secure: v1:xyz
      # from Key Vault
      - name: "2"
    rsaBits: 3072
  # what the jobs may do
  exchange-auth:roles:
    - Exchange Administrator
`;

test("adds at the end; nothing else changes", () => {
  expect(withGenerations(settings, key, ["1", "2", "3"])).toBe(
    settings.replace('      - name: "2"\n', '      - name: "2"\n      - name: "3"\n'),
  );
});

test("moves generations with all that they hold and their comments", () => {
  expect(withGenerations(settings, key, ["2", "1"])).toBe(
    settings.replace(
      /( {6}# made by Anna\n[^]*?)( {6}# from Key Vault\n {6}- name: "2"\n)/,
      (_, one: string, two: string) => two + one,
    ),
  );
});

test("removes a generation alone", () => {
  expect(withGenerations(settings, key, ["2"])).toBe(settings.replace(/ {6}# made by Anna\n[^]*?xyz\n/, ""));
});

test("begins the list where there is none", () => {
  expect(withGenerations("", key, ["1", "2"])).toBe(
    `config:\n  ${key}:\n    generations:\n      - name: "1"\n      - name: "2"\n`,
  );
  const salt = "encryptionsalt: v1:abc\n";
  expect(withGenerations(salt, key, ["1", "2"])).toBe(
    `${salt}config:\n  ${key}:\n    generations:\n      - name: "1"\n      - name: "2"\n`,
  );
  const days = `config:\n  ${key}:\n    validityDays: 90\n  other:key: 1\n`;
  expect(withGenerations(days, key, ["1", "2"])).toBe(
    `config:\n  ${key}:\n    validityDays: 90\n    generations:\n      - name: "1"\n      - name: "2"\n  other:key: 1\n`,
  );
});

test("keeps the file's own indentation and style", () => {
  const wide = `config:\n    ${key}:\n        generations:\n            - name: "1"\n`;
  expect(withGenerations(wide, key, ["1", "2"])).toBe(`${wide}            - name: "2"\n`);
  const flush = `config:\n  ${key}:\n    generations:\n    - name: "1"\n`;
  expect(withGenerations(flush, key, ["1", "2"])).toBe(`${flush}    - name: "2"\n`);
  const flow = `config:\n  ${key}: { generations: [{ name: "1" }] }\n`;
  expect(withGenerations(flow, key, ["2", "1"])).toBe(
    `config:\n  ${key}: { generations: [ { name: "2" }, { name: "1" } ] }\n`,
  );
});

test("keeps the line ends of Windows, and a byte order mark", () => {
  const windows = `\uFEFF${settings.replaceAll("\n", "\r\n")}`;
  expect(withGenerations(windows, key, ["1", "2", "3"])).toBe(
    windows.replace('      - name: "2"\r\n', '      - name: "2"\r\n      - name: "3"\r\n'),
  );
  expect(withGenerations("\uFEFFencryptionsalt: v1\r\n", key, ["2"])).toBe(
    `\uFEFFencryptionsalt: v1\r\nconfig:\r\n  ${key}:\r\n    generations:\r\n      - name: "2"\r\n`,
  );
});

test("touches no line of another setting, however that is written", () => {
  const odd = `config:\r
  a:note: >-\r
    some text\r
    folded here\r
  a:list: [1,2]\n  ${key}:\r
    generations:\r
      - name: "1"\r
\r
    # after\r
    rsaBits: 3072`;
  expect(withGenerations(odd, key, ["1", "2"])).toBe(
    odd.replace('      - name: "1"\r\n', '      - name: "1"\r\n      - name: "2"\r\n'),
  );
});

test("adds to a file without a line end at its end", () => {
  const short = `config:\n  ${key}:\n    generations:\n      - name: "1"`;
  expect(withGenerations(short, key, ["1", "2"])).toBe(`${short}\n      - name: "2"\n`);
});

test("a comment after the list stays before what follows, and nothing else is written anew", () => {
  const text = `# top
config:
  # before
  ${key}: # beside
    # in
    generations:
      - name: "1" # made in May
    # days, as the policy wants
    validityDays: 90
# bottom
`;
  expect(withGenerations(text, key, ["1", "2"])).toBe(
    text.replace("# made in May\n", '# made in May\n      - name: "2"\n'),
  );
});

test("`config:` with nothing below it gets the setting", () => {
  expect(withGenerations("encryptionsalt: v1\nconfig:\n", key, ["2"])).toBe(
    `encryptionsalt: v1\nconfig:\n  ${key}:\n    generations:\n      - name: "2"\n`,
  );
});

test.each([
  [
    "the list",
    `  base: &one\n    - name: "1"\n      publicCertificate: MIIC\n  ${key}:\n    generations: *one\n`,
  ],
  ["the setting", `  base: &one\n    generations:\n      - name: "1"\n  ${key}: *one\n`],
  ["a merged map", `  base: &one\n    generations:\n      - name: "1"\n  ${key}:\n    <<: *one\n`],
  ["a generation", `  ${key}:\n    generations:\n      - &one\n        name: "1"\n  other: *one\n`],
])("a list with an anchor of YAML lists nothing that can be edited: %s (pulumi/pulumi#6480)", (_, lines) => {
  expect(listedGenerations(`config:\n${lines}`, key)).toEqual([]);
});

test("a setting that is a text is told of, and not edited", () => {
  const json = `config:\n  ${key}: '{"generations":[{"name":"1"}]}'\n`;
  expect(() => listedGenerations(json, key)).toThrow(
    "The setting exchange-auth:certificate must be YAML lines to be edited, but is a text, such as JSON. Remove it with `pulumi config rm exchange-auth:certificate`, and set its parts with `pulumi config set --path 'exchange-auth:certificate.generations[0].name' …`.",
  );
});

test.each([
  [
    `config:\n<<<<<<< HEAD\n  a:b: 1\n=======\n  a:b: 2\n>>>>>>> main\n`,
    "has a merge conflict in line 2. Resolve it.",
  ],
  ["config:\n  a:b: 1\n  a:b: 2\n", "has the same key twice, the second time in line 3. Remove one of them."],
  ["config:\n  a: [1\n", "must be YAML, and line 3 is not: "],
  ["config:\n\ta: 1\n", "must be YAML, and line 2 is not: Tabs are not allowed as indentation. Correct it."],
  [
    "---\nconfig:\n  a:b: 1\n---\nconfig:\n  a:b: 2\n",
    "must be one YAML document, but another one begins in line 4 (---). Remove it.",
  ],
  ["- a\n", "must be lines such as `config:`, and is something else. Correct it."],
  ["hello\n", "must be lines such as `config:`, and is something else. Correct it."],
  ["config:\n  - a\n", "must have lines such as `exchange-auth:roles:` below `config:`. Correct it."],
  ["config: abc\n", "must have lines such as `exchange-auth:roles:` below `config:`. Correct it."],
  ["c\0o\0n\0f\0i\0g\0:\0\n\0", "must be UTF-8. Save it as UTF-8."],
])("a file that is not YAML is told of: %j", async (text, words) => {
  const file = path.join(folder, "Pulumi.broken.yaml");
  writeFileSync(file, text);
  await expect(readSettingsFile(file)).rejects.toMatchObject({
    code: "EXO_AUTH_FILE",
    message: expect.stringContaining(`The stack's settings file "${file}" ${words}`),
  });
});

test("the result says what was asked for, and the rest says what it said", () => {
  const name = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,5}$/);
  const names = fc.uniqueArray(name, { minLength: 1, maxLength: 5 });
  const others = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}:[a-z]{1,8}$/), fc.jsonValue());
  fc.assert(
    fc.property(names, names, others, (before, after, rest) => {
      const config = {
        ...rest,
        [key]: { generations: before.map((one) => ({ name: one })), validityDays: 30 },
      };
      // Without quotes Pulumi would read 7 for the name 7_.
      const text = stringify({ config }, { defaultStringType: "QUOTE_DOUBLE" });
      const edited = withGenerations(text, key, after);
      expect(parse(edited)).toEqual({
        config: { ...config, [key]: { generations: after.map((one) => ({ name: one })), validityDays: 30 } },
      });
      expect(listedGenerations(edited, key)).toEqual(after);
    }),
  );
});

test("knows generations by names without quotes as Pulumi reads them, and keeps them", () => {
  const text = (...names: string[]): string =>
    `config:\n  ${key}:\n    generations:\n${names.map((name) => `      - name: ${name}\n`).join("")}`;
  expect(listedGenerations(text("2", "007", "1e3", "2026-11-27", "1.0"), key)).toEqual([
    "2",
    "7",
    "1000",
    "2026-11-27",
    "1",
  ]);
  expect(withGenerations(text("010", "1e3"), key, ["1000", "8", "9"])).toBe(text('"1000"', '"8"', '"9"'));
  expect(withGenerations(text("2", "1"), key, ["2"])).toBe(text("2"));
});

test("writes names so that Pulumi reads them as they are", () => {
  for (const name of ["1", "1_000", "010", "1e3", "true", "2026-1-5", "0x10", "1.5"])
    expect(withGenerations("", key, [name])).toContain(`name: "${name}"\n`);
  expect(withGenerations("", key, ["vault"])).toContain("name: vault\n");
});

test("reads the names that a file lists itself, and knows what it cannot edit", () => {
  expect(listedGenerations(settings, key)).toEqual(["1", "2"]);
  expect(listedGenerations("", key)).toBeUndefined();
  expect(listedGenerations(`config:\n  ${key}:\n    secure: v1:abc\n`, key)).toEqual([]);
  expect(
    listedGenerations(`config:\n  ${key}:\n    generations:\n      - name: true\n`, key),
  ).toBeUndefined();
});

test("writes whole files, through links, with their mode", async () => {
  const file = path.join(folder, "Pulumi.contoso.yaml");
  writeFileSync(file, "a: 1\n");
  chmodSync(file, 0o640);
  const link = path.join(folder, "link.yaml");
  symlinkSync(file, link);
  await writeSettingsFile(await readSettingsFile(link), "a: 2\n");
  expect(readFileSync(file, "utf8")).toBe("a: 2\n");
  expect(statSync(file).mode & 0o777).toBe(0o640);
});

test("does not overwrite what somebody else wrote meanwhile", async () => {
  const file = path.join(folder, "Pulumi.fabrikam.yaml");
  const read = await readSettingsFile(file);
  expect(read.text).toBe("");
  writeFileSync(file, "b: 1\n");
  await expect(writeSettingsFile(read, "a: 1\n")).rejects.toMatchObject({
    code: "EXO_AUTH_FILE",
    message: `The stack's settings file "${file}" was changed by somebody else in the meantime. Run this again.`,
  });
  expect(readFileSync(file, "utf8")).toBe("b: 1\n");
});

test("two writers at once do not take each other's unfinished file", async () => {
  const folderOfTwo = mkdtempSync(path.join(folder, "two-"));
  const file = path.join(folderOfTwo, "Pulumi.contoso.yaml");
  writeFileSync(file, "a: 1\n");
  const read = await readSettingsFile(file);
  const written = await Promise.all(["a: 2\n", "a: 2\n"].map((text) => writeSettingsFile(read, text)));
  expect(written).toEqual([
    { path: file, text: "a: 2\n" },
    { path: file, text: "a: 2\n" },
  ]);
  expect(readdirSync(folderOfTwo)).toEqual(["Pulumi.contoso.yaml"]);
});

test("says which file it cannot write", async () => {
  const file = path.join(folder, "nowhere", "Pulumi.contoso.yaml");
  await expect(writeSettingsFile({ path: file, text: "" }, "a: 1\n")).rejects.toMatchObject({
    code: "EXO_AUTH_FILE",
    message: expect.stringMatching(/^The stack's settings file ".*nowhere.*" cannot be written: .*ENOENT/),
  });
});
