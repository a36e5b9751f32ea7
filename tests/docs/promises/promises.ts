import { fileOf } from "../../../cli/command.ts";
import { commands } from "../../../cli/commands.ts";
import { examplePromises } from "./examplePromises.ts";
import { operationPromises } from "./operationPromises.ts";
import { productPromises } from "./productPromises.ts";
import type { Promises } from "./proof.ts";

/**
 * The promises of README and docs. Those that no test proves say why. Commands in `sh` blocks have a table of their own,
 * tests/docs/commands.ts.
 */
export const promises: Promises = { ...productPromises, ...operationPromises, ...examplePromises };

/** Pages that promise nothing of their own, and why. */
export const withoutPromises: Readonly<Record<string, string>> = {
  "CHANGELOG.md": "it lists what other pages promise",
  ...Object.fromEntries(
    commands.map((command) => [
      `docs/commands/${fileOf(command)}.md`,
      "it is made from the table of commands",
    ]),
  ),
  "docs/README.md": "it lists pages",
  "docs/decisions/README.md": "it lists pages",
  "docs/glossary.md": "it explains words",
};
