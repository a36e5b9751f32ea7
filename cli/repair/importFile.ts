import type { Leftover } from "./leftover.ts";
import type { StackResource } from "./stackResources.ts";
import { nameOf } from "./stackResources.ts";

/** What `pulumi import --file` reads. */
export interface ImportFile {
  /** URNs of what the state has already, by the names that `parent` and `provider` use. */
  readonly nameTable: Readonly<Record<string, string>>;
  readonly resources: readonly ImportedResource[];
}

interface ImportedResource {
  readonly name: string;
  readonly logicalName: string;
  readonly type: string;
  readonly id?: string;
  readonly parent?: string;
  readonly provider?: string;
  readonly component?: true;
}

/** The file that imports leftovers as what is planned; components above them that the state lacks come with them. */
export function importFile(
  leftovers: readonly Leftover[],
  known: readonly StackResource[],
  planned: readonly StackResource[],
): ImportFile {
  const names = new Map<string, string>();
  const nameTable: Record<string, string> = {};
  const resources: ImportedResource[] = [];
  const inState = new Set(known.map(({ urn }) => urn));

  /** The name under which the file refers to a URN; undefined for the stack itself, which is every root's parent. */
  const refer = (urn: string | undefined): string | undefined => {
    if (urn === undefined || urn.includes("::pulumi:pulumi:Stack::")) return undefined;
    const given = names.get(urn);
    if (given !== undefined) return given;
    if (!inState.has(urn)) return add(urn);
    const name = `r${names.size}`;
    names.set(urn, name);
    nameTable[name] = urn;
    return name;
  };
  const add = (urn: string, id?: string): string => {
    const resource = planned.find((one) => one.urn === urn);
    const parent = refer(resource?.parent);
    const provider = refer(explicitProvider(resource));
    const name = `r${names.size}`;
    names.set(urn, name);
    resources.push({
      name,
      logicalName: nameOf({ urn }),
      type: resource?.type ?? "",
      ...(id === undefined ? { component: true } : { id }),
      ...(parent !== undefined && { parent }),
      ...(provider !== undefined && { provider }),
    });
    return name;
  };
  for (const { id, urn } of leftovers) if (urn !== undefined) add(urn, id);
  return { nameTable, resources };
}

/** A provider that the program made itself; the engine finds its own default ones. */
function explicitProvider(resource: StackResource | undefined): string | undefined {
  const [, urn] = /^(urn:.*)::[^:]*$/.exec(resource?.provider ?? "") ?? [];
  return urn === undefined || /::default_[^:]*$/.test(urn) ? undefined : urn;
}
