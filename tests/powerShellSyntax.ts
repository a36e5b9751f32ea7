import { createRequire } from "node:module";
import { Language, type Node, Parser } from "web-tree-sitter";

/** What a parser of PowerShell's grammar says of a script. */
export interface ParsedScript {
  /** Where it is no PowerShell, as `LINE: text`. */
  readonly problems: readonly string[];
  /** The name of each command that it would run, in its order. */
  readonly commands: readonly string[];
}

/**
 * Reads scripts as PowerShell would. npm has its grammar and not PowerShell itself, so the syntax of a script is checked,
 * and not what it does.
 */
export async function powerShellParser(): Promise<(script: string) => ParsedScript> {
  await Parser.init();
  const grammar = createRequire(import.meta.url).resolve(
    "tree-sitter-powershell/tree-sitter-powershell.wasm",
  );
  const parser = new Parser().setLanguage(await Language.load(grammar));
  return (script) => {
    const root = parser.parse(script)!.rootNode;
    return {
      problems: nodesOf(root, (node) => node.isError || node.isMissing).map(
        (node) => `${node.startPosition.row + 1}: ${node.text}`,
      ),
      commands: nodesOf(root, ({ type }) => type === "command_name").map(({ text }) => text),
    };
  };
}

function nodesOf(node: Node, isMeant: (node: Node) => boolean): readonly Node[] {
  const below = node.children.flatMap((child) => nodesOf(child, isMeant));
  return isMeant(node) ? [node, ...below] : below;
}
