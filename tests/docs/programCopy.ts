import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";

import { productFolders, root } from "./pages.ts";

/** Makes a folder what a reader's clone is, where stack settings may lie beside Pulumi.yaml. */
export function copyProgram(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of ["Pulumi.yaml", "index.ts", "package.json", "scripts", ...productFolders]) {
    cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  }
  symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"));
}
