import { globSync, readFileSync } from "node:fs";
import path from "node:path";

import ts from "typescript";

const root = path.dirname(path.dirname(import.meta.dirname));

/** What the comments of a type of `components/` or `microsoft/` say that Pulumi's analyzer leaves out. */
interface Comments {
  readonly description: string | undefined;
  /** The `@default` of each property, in words, by property. */
  readonly defaults: ReadonlyMap<string, string>;
}

const statements = globSync("{components,microsoft}/**/*.ts", { cwd: root })
  .map((file) => readFileSync(path.join(root, file), "utf8"))
  .flatMap((text) =>
    ts.createSourceFile("", text, ts.ScriptTarget.ESNext, true).statements.map((node) => node),
  );

const comments: ReadonlyMap<string, Comments> = new Map([
  // The values of an enum, which has the name of its type.
  ...statements
    .filter(ts.isVariableStatement)
    .flatMap((node) =>
      node.declarationList.declarations.map(
        ({ name }) => [name.getText(), { description: descriptionOf(node), defaults: new Map() }] as const,
      ),
    ),
  ...statements
    .filter(ts.isInterfaceDeclaration)
    .map(
      (node) =>
        [
          node.name.text,
          { description: descriptionOf(node), defaults: new Map(node.members.flatMap(defaultOf)) },
        ] as const,
    ),
]);

/** The comments of an interface or an enum, by its name. Anything else has none. */
export function commentsOf(name: string): Comments {
  return comments.get(name) ?? { description: undefined, defaults: new Map() };
}

function descriptionOf(node: ts.Node): string | undefined {
  const comment = ts.getJSDocCommentsAndTags(node).find(ts.isJSDoc);
  return ts.getTextOfJSDocComment(comment?.comment);
}

function defaultOf(member: ts.TypeElement): readonly (readonly [string, string])[] {
  const tag = ts.getJSDocTags(member).find(({ tagName }) => tagName.text === "default");
  const text = ts.getTextOfJSDocComment(tag?.comment)?.replaceAll(/\s*\n\s*/g, " ");
  if (text === undefined || member.name === undefined) return [];
  return [[member.name.getText(), `${text.replace(/^- /, "")}.`]];
}
