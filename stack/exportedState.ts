import * as v from "valibot";
import { Failure } from "../common/failure.ts";
import type { PulumiOptions } from "./pulumiCli.ts";
import { runPulumi } from "./pulumiCli.ts";
import { pulumiJson } from "./pulumiJson.ts";
import { StackResource } from "./resource.ts";
import { areSecretsLost, openingFor, SealedValue } from "./sealedValues.ts";
import { parseUrn } from "./urn.ts";

/** A stack's state. */
export interface ExportedState {
  /** Empty where the stack has no resources. */
  readonly project: string;
  readonly stack: string;
  /** When the last update ended, RFC 3339. */
  readonly updated: string;
  readonly resources: readonly StackResource[];
  /** Whether an update is under way, or was killed: operations whose end the state does not know. */
  readonly isPending: boolean;
}

/** Reads a stack's whole state. Its secrets stay sealed, so it takes no passphrase and no key service. @throws Failure */
export async function exportState(options: PulumiOptions): Promise<ExportedState> {
  return parseExport(await exportDocument(options));
}

/** As `exportState`, with the secrets laid open: for what uses a private key. @throws Failure */
export async function exportStateWithSecrets(options: PulumiOptions): Promise<ExportedState> {
  const printed = pulumiJson("stack export", await runPulumi(["stack", "export", "--show-secrets"], options));
  if (areSecretsLost(printed)) {
    throw new Failure(
      "EXO_AUTH_PULUMI",
      "Pulumi shows null for every secret of the stack, as some versions do if the passphrase is wrong. Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE to the passphrase of the stack.",
      { reason: "configuration" },
    );
  }
  return parseExport(printed);
}

/** What `pulumi stack export` prints, without secrets. @throws Failure */
export async function exportDocument(options: PulumiOptions): Promise<unknown> {
  return pulumiJson("stack export", await runPulumi(["stack", "export"], options));
}

/**
 * Reads something out of a stack's state: without the secrets, and with them only where it needs one.
 *
 * @param read throws a `SealedValue` where it needs a secret that is sealed
 * @throws Failure that says which secret is needed, where it cannot be laid open
 */
export async function readState<T>(
  options: PulumiOptions,
  read: (exported: ExportedState) => T,
  exporting: Promise<ExportedState> = exportState(options),
): Promise<T> {
  const exported = await exporting;
  try {
    return read(exported);
  } catch (error) {
    if (!(error instanceof SealedValue)) throw error;
    return read(await openingFor(error.message, async () => exportStateWithSecrets(options)));
  }
}

/** Reads what `pulumi stack export` printed. */
export function parseExport(printed: unknown): ExportedState {
  const { resources, manifest, pending_operations: pending } = v.parse(Export, printed).deployment;
  const { project, stack } = parseUrn(resources[0]?.urn ?? "");
  return { project, stack, updated: manifest.time, resources, isPending: (pending ?? []).length > 0 };
}

const Export = v.object({
  deployment: v.object({
    manifest: v.object({ time: v.string() }),
    resources: v.optional(v.array(StackResource), []),
    pending_operations: v.nullish(v.array(v.unknown())),
  }),
});
