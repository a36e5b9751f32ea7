import { parseArgs } from "node:util";
import { isGuid } from "../../common/guid.ts";
import { SandboxError } from "../sandboxError.ts";
import { caseOptions, type CaseOption } from "./conformanceCase.ts";

/** A command line of `npm run conformance`, understood. */
export type ConformanceArguments =
  | { readonly does: "run"; readonly run: RunArguments }
  | { readonly does: "cleanUp"; readonly run: Pick<RunArguments, "tenantId" | "endpoint"> }
  | { readonly does: "merge"; readonly file: string };

/** What a run is asked for. */
export interface RunArguments {
  readonly tenantId: string;
  /** Another server that speaks Microsoft Graph. @default Microsoft's cloud */
  readonly endpoint?: string;
  readonly readsOnly: boolean;
  /** Whether nobody is asked. */
  readonly yes: boolean;
  readonly options: ReadonlySet<CaseOption>;
}

const flags = { type: "boolean", default: false } as const;

/** @throws SandboxError that names everything that is wrong */
export function readConformanceArguments(args: readonly string[]): ConformanceArguments {
  const { values, positionals } = parse(args);
  const { tenant, endpoint, merge, yes, "read-only": readsOnly, "clean-up": cleansUp } = values;
  const options = (Object.keys(caseOptions) as CaseOption[]).filter((name) => values[name]);
  const problems = [
    ...positionals.map((word) => `"${word}" must not be there.`),
    ...(merge !== undefined || (tenant !== undefined && isGuid(tenant))
      ? []
      : [`--tenant must be the ID of the tenant, a GUID, got "${tenant ?? ""}".`]),
    ...(endpoint === undefined || isAddress(endpoint)
      ? []
      : [`--endpoint must be an address that begins with https://, got "${endpoint}".`]),
    ...(readsOnly && options.length > 0
      ? [`--read-only creates nothing, so --${options[0]} cannot be with it.`]
      : []),
    ...(merge !== undefined && tenant !== undefined
      ? ["--merge takes a report in, and needs no --tenant."]
      : []),
  ];
  if (problems.length > 0) throw new SandboxError(problems.join("\n"));
  if (merge !== undefined) return { does: "merge", file: merge };
  const where = { tenantId: (tenant ?? "").toLowerCase(), ...(endpoint === undefined ? {} : { endpoint }) };
  if (cleansUp) return { does: "cleanUp", run: where };
  return { does: "run", run: { ...where, readsOnly, yes, options: new Set(options) } };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        tenant: { type: "string" },
        endpoint: { type: "string" },
        merge: { type: "string" },
        yes: flags,
        "read-only": flags,
        "clean-up": flags,
        "directory-role": flags,
        policies: flags,
        "conditional-access": flags,
        deployment: flags,
      },
    });
  } catch (error) {
    const [reason = ""] = error instanceof Error ? error.message.split(". ") : [String(error)];
    throw new SandboxError(
      `${reason}. Use --tenant, --read-only, --${Object.keys(caseOptions).join(", --")}, --yes, --clean-up, --endpoint or --merge.`,
    );
  }
}

function isAddress(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === "https:";
}
