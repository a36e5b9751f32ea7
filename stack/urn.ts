/** What a URN names. */
export interface Urn {
  readonly stack: string;
  readonly project: string;
  /** The resource's own type, without those of its parents. */
  readonly type: string;
  /** May hold anything, `::` too. */
  readonly name: string;
}

/** Reads `urn:pulumi:STACK::PROJECT::PARENT-TYPE$TYPE::NAME`; what a text lacks of that is empty. */
export function parseUrn(urn: string): Urn {
  const [stack = "", project = "", types = "", ...name] = urn.replace(/^urn:pulumi:/, "").split("::");
  return { stack, project, type: types.split("$").at(-1) ?? "", name: name.join("::") };
}

/** `azuread:Application exchange` for `urn:…$azuread:index/application:Application::exchange`. */
export function shortName(urn: string): string {
  const { type, name } = parseUrn(urn);
  const [packageName = "", , typeName = ""] = type.split(":");
  return `${packageName}:${typeName} ${name}`;
}
