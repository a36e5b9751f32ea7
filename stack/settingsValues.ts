import { isDeepStrictEqual } from "node:util";
import { parseDocument, Scalar, visit } from "yaml";
import { editableDocument, withEdited } from "./settingsText.ts";

/** Settings by key, as in `exchange-auth:roles`. */
export type SettingsValues = Readonly<Record<string, unknown>>;

/** Those of the keys that a settings file gives another value. */
export function differentSettings(text: string, values: SettingsValues): readonly string[] {
  const document = parseDocument(text);
  return Object.entries(values).flatMap(([key, value]) => {
    if (!document.hasIn(["config", key])) return [];
    const known: unknown = document.getIn(["config", key], true);
    return isDeepStrictEqual(plainOf(known), value) ? [] : [key];
  });
}

/** Those of the keys that a settings file does not have. */
export function absentSettings(text: string, values: SettingsValues): readonly string[] {
  const document = parseDocument(text);
  return Object.keys(values).filter((key) => !document.hasIn(["config", key]));
}

/** The keys of a namespace that a settings file has. */
export function settingsOfNamespace(text: string, namespace: string): readonly string[] {
  const config: unknown = (parseDocument(text).toJS() as { config?: unknown } | null)?.config;
  if (typeof config !== "object" || config === null) return [];
  return Object.keys(config).filter((key) => key.startsWith(`${namespace}:`));
}

/**
 * Gives settings their values. Everything else in the file stays. Texts stand in quotes, so that Pulumi reads none of them
 * as a number, a day or a switch.
 */
export function withSettings(text: string, values: SettingsValues): string {
  let edited = text;
  for (const [key, value] of Object.entries(values)) {
    const path = ["config", key];
    const document = editableDocument(edited);
    const node = document.createNode(value);
    visit(node, {
      Scalar(role, scalar) {
        if (role !== "key" && typeof scalar.value === "string") scalar.type = Scalar.QUOTE_DOUBLE;
      },
    });
    document.setIn(path, node);
    edited = withEdited(edited, document.toString({ lineWidth: 0 }), path);
  }
  return edited;
}

function plainOf(node: unknown): unknown {
  return typeof node === "object" && node !== null && "toJSON" in node && typeof node.toJSON === "function"
    ? (node.toJSON() as unknown)
    : node;
}
