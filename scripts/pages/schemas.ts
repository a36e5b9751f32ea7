import { createGenerator } from "ts-json-schema-generator";
import { fileOf } from "../../cli/command.ts";
import { commands } from "../../cli/commands.ts";

/** docs/schemas: what each command prints with `--json`, from the type of its document, by path below the repository. */
export function schemaPages(): ReadonlyMap<string, string> {
  const generator = createGenerator({
    path: "cli/documents.ts",
    tsconfig: "tsconfig.json",
    skipTypeCheck: true,
    topRef: false,
  });
  // The last is no command's: `fleet check --out` writes one for each stack.
  return new Map(
    [...commands.map(fileOf), "fleetStack"].map((name) => {
      const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Document`;
      return [
        `docs/schemas/${name}.schema.json`,
        `${JSON.stringify(generator.createSchema(type), undefined, 2)}\n`,
      ];
    }),
  );
}
