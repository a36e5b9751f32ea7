import { createGenerator } from "ts-json-schema-generator";
import { expect, test } from "vitest";
import { commands } from "../../cli/commands.ts";

// `npx vitest run tests/cli/schemas.test.ts -u` writes the files anew.
test.each(commands.map(({ name }) => name))(
  "the published schema of %s is that of its type",
  async (name) => {
    await expect(schemaText(name)).toMatchFileSnapshot(`../../docs/schemas/${name}.schema.json`);
  },
);

function schemaText(name: string): string {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Document`;
  return `${JSON.stringify(generator.createSchema(type), undefined, 2)}\n`;
}

const generator = createGenerator({
  path: "cli/documents.ts",
  tsconfig: "tsconfig.json",
  skipTypeCheck: true,
  topRef: false,
});
