/**
 * Records which options the Azure CLI's commands have that our pages, messages and scripts name, from its own help:
 * `node scripts/recordAzureCli.ts`, with `az` and its extension azure-devops on PATH. A command that is not in the
 * fixture yet is an argument: `node scripts/recordAzureCli.ts "ad app create"`.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const fixture = new URL("../tests/fixtures/azureCli.json", import.meta.url);

const { commands: known } = JSON.parse(readFileSync(fixture, "utf8")) as {
  readonly commands: Readonly<Record<string, unknown>>;
};
const commands = [...new Set([...Object.keys(known), ...process.argv.slice(2)])].toSorted();
const versions = JSON.parse(az("version")) as {
  readonly "azure-cli": string;
  readonly extensions: Readonly<Record<string, string>>;
};
const recorded = {
  recorded: new Date().toISOString().slice(0, 10),
  "azure-cli": versions["azure-cli"],
  "azure-devops": versions.extensions["azure-devops"],
  commands: Object.fromEntries(commands.map((command) => [command, optionsOf(command)])),
};
writeFileSync(fixture, `${JSON.stringify(recorded, undefined, 2)}\n`);

/** A command's options, each with all its names, and those that it cannot do without. */
function optionsOf(command: string): {
  readonly options: readonly string[];
  readonly required: readonly string[];
} {
  const help = az(...command.split(" "), "--help");
  // Once a line: `    --name -n         [Required] : Name of the secret.`
  const lines = [...help.matchAll(/^ {4}(-[\w-]+(?: -[\w-]+)*) +(\[Required\] )?:/gm)];
  return {
    options: lines.map(([, names = ""]) => names).toSorted(),
    required: lines.flatMap(([, names = "", required]) => (required === undefined ? [] : [names])).toSorted(),
  };
}

function az(...args: readonly string[]): string {
  return execFileSync("az", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}
