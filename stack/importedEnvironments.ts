import { readFile } from "node:fs/promises";
import { isMap, isScalar, isSeq, parseDocument } from "yaml";
import type { PulumiOptions } from "./pulumiCli.ts";
import { settingsPath } from "./settingsPath.ts";

/**
 * Names of the environments of Pulumi ESC that a stack's settings file imports; "inline values" for those that stand in
 * the file itself.
 *
 * @throws Failure where there is no project or no such stack
 */
export async function importedEnvironments(
  options: PulumiOptions & { readonly cwd: string },
): Promise<readonly string[]> {
  return environmentsOf(await readFile(await settingsPath(options), "utf8").catch(() => ""));
}

/** As `importedEnvironments`, of a settings file's text. @internal */
export function environmentsOf(text: string): readonly string[] {
  const environment = parseDocument(text).get("environment", true);
  const imports = isMap(environment) ? environment.get("imports", true) : environment;
  const names = isSeq(imports)
    ? imports.items.flatMap((item) => {
        // An import with options is a map whose only key is its name.
        const name = isMap(item) ? item.items[0]?.key : item;
        return isScalar(name) ? [String(name.value)] : [];
      })
    : [];
  return isMap(environment) && environment.has("values") ? [...names, "inline values"] : names;
}
