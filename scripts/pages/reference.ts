import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { languageChooser } from "./programs.ts";

const root = path.dirname(path.dirname(import.meta.dirname));

/** What stands above the list of all symbols. */
const introduction = `For people who write a program of their own. The [glossary](../glossary.md) explains the words of Entra and Exchange.

Start with the component [ExchangeAppOnlyAuth](classes/ExchangeAppOnlyAuth.md), which has examples, and [its arguments](interfaces/ExchangeAppOnlyAuthArgs.md). Other stacks read its outputs with [readExchangeStack](functions/readExchangeStack.md). [AppCertificate](classes/AppCertificate.md) puts one certificate on an application that another resource manages.`;

/**
 * docs/reference, from the sources' own comments, by path below the repository.
 *
 * @throws where an exported symbol has none
 */
export function referencePages(): ReadonlyMap<string, string> {
  const folder = mkdtempSync(path.join(tmpdir(), "exchange-auth-reference-"));
  try {
    const typedoc = path.join(root, "node_modules/typedoc/bin/typedoc");
    const args = [typedoc, "--logLevel", "Warn", "--out", folder];
    const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ["ignore", 2, 2] });
    if (status !== 0) throw new Error("typedoc could not make docs/reference. Its messages stand above.");
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".md"),
    );
    const pages = names.map((name) => [name, readFileSync(path.join(folder, name), "utf8")] as const);
    return new Map(pages.map(([name, text]) => [path.posix.join("docs/reference", name), added(name, text)]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A page with what the sources' comments cannot have. */
function added(name: string, text: string): string {
  if (name === "README.md") return text.replace("# Reference\n", `# Reference\n\n${introduction}\n`);
  if (name !== "classes/ExchangeAppOnlyAuth.md") return text;
  const others = `### The defaults in other languages\n\n[Languages](../../languages.md) says what each one needs.\n\n${languageChooser("../../../", "TypeScript")}`;
  return text.replace("\n## Extends\n", `\n${others}\n## Extends\n`);
}
