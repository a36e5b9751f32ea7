import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failure } from "../common/failure.ts";
import type { PulumiOptions } from "./pulumiCli.ts";
import { runPulumi } from "./pulumiCli.ts";
import type { StackResource } from "./resource.ts";
import { parseUrn } from "./urn.ts";
import type { Properties } from "./values.ts";
import { errorMessage } from "../common/errorMessage.ts";

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
  /** What the program is to have asked for; with `outputs`, Pulumi does not read the resource (since 3.254). */
  readonly inputs?: Properties;
  readonly outputs?: Properties;
}

/** Something that is there, and the resource that it becomes. */
interface Wanted {
  readonly id: string;
  readonly urn?: string;
  /** Both are given where the plugin does not read all that the state must have. */
  readonly inputs?: Properties;
  readonly outputs?: Properties;
}

/** The file that imports what is there as what is planned; components above them that the state lacks come with them. */
export function importFile(
  wanted: readonly Wanted[],
  known: readonly StackResource[],
  planned: readonly StackResource[],
): ImportFile {
  const names = new Map<string, string>();
  const nameTable: Record<string, string> = {};
  const resources: ImportedResource[] = [];
  const inState = new Set(known.map(({ urn }) => urn));

  /** The name under which the file refers to a URN; undefined for the stack itself, which is every root's parent. */
  const refer = (urn: string | undefined): string | undefined => {
    if (urn === undefined || parseUrn(urn).type === "pulumi:pulumi:Stack") return undefined;
    const given = names.get(urn);
    if (given !== undefined) return given;
    if (!inState.has(urn)) return add(urn);
    const name = `r${names.size}`;
    names.set(urn, name);
    nameTable[name] = urn;
    return name;
  };
  const add = (urn: string, one?: Wanted): string => {
    const resource = planned.find((planning) => planning.urn === urn);
    const parent = refer(resource?.parent);
    const provider = refer(explicitProvider(resource));
    const name = `r${names.size}`;
    names.set(urn, name);
    resources.push({
      name,
      logicalName: parseUrn(urn).name,
      type: resource?.type ?? "",
      ...(one === undefined ? { component: true } : { id: one.id }),
      ...(parent !== undefined && { parent }),
      ...(provider !== undefined && { provider }),
      ...(one?.inputs !== undefined && { inputs: one.inputs }),
      ...(one?.outputs !== undefined && { outputs: one.outputs }),
    });
    return name;
  };
  for (const one of wanted) if (one.urn !== undefined) add(one.urn, one);
  return { nameTable, resources };
}

/** A provider that the program made itself; the engine finds its own default ones. */
function explicitProvider(resource: StackResource | undefined): string | undefined {
  const [, urn] = /^(urn:.*)::[^:]*$/.exec(resource?.provider ?? "") ?? [];
  return urn === undefined || /::default_[^:]*$/.test(urn) ? undefined : urn;
}

/** Writes what `pulumi import --file` reads. @throws Failure where it cannot be written */
export async function writeImportFile(path: string, file: ImportFile): Promise<void> {
  await writeFile(path, `${JSON.stringify(file, undefined, 2)}\n`).catch((error: unknown) => {
    throw new Failure(
      "EXO_AUTH_FILE",
      `"${path}" could not be written: ${errorMessage(error)}. Give another file with --import-file.`,
      { cause: error },
    );
  });
}

/** Lets Pulumi import what a file lists. @throws Failure */
export async function importInto(file: ImportFile, options: PulumiOptions): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "exo-auth-import-"));
  const path = join(folder, "import.json");
  try {
    await writeFile(path, JSON.stringify(file));
    const flags = ["--generate-code=false", "--protect=false", "--skip-preview", "--yes"];
    await runPulumi(["import", "--file", path, ...flags], options);
  } finally {
    await rm(folder, { recursive: true });
  }
}
