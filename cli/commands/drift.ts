import { CliError } from "../cliError.ts";
import { driftSections } from "../drift/driftSections.ts";
import { lastUpdate } from "../drift/lastUpdate.ts";
import { parseRefreshPreview } from "../drift/refreshPreview.ts";
import { applicationDeleted, changed, missing } from "../drift/rules.ts";
import { ExitCode } from "../exitCodes.ts";
import type { Baseline } from "../findings/baseline.ts";
import { accept } from "../findings/baseline.ts";
import type { Report, Section } from "../findings/finding.ts";
import type { PulumiOptions, PulumiResult } from "../pulumiCli.ts";
import { pulumiError, tryPulumi } from "../pulumiCli.ts";

/** What `drift` is asked to do. */
export interface DriftOptions extends PulumiOptions {
  readonly stack?: string | undefined;
  /** Only this component. @default the whole stack */
  readonly component?: string | undefined;
  readonly baseline: Baseline;
  /** How long after an update what it made or changed may not have reached every server, in milliseconds. */
  readonly waitMs: number;
  readonly now: () => Date;
  readonly pause: (milliseconds: number) => Promise<void>;
  readonly progress: (text: string) => void;
}

/**
 * Compares a stack's state with the tenant; changes neither. What an update has just made or changed is looked at again
 * while a server of Microsoft's may not know it.
 *
 * @throws CliError where Pulumi cannot look at all
 */
export async function drift(options: DriftOptions): Promise<Report> {
  const { stack, waitMs, now, pause, progress } = options;
  let updated: Date | undefined;
  for (let delay = 2000; ; delay = Math.min(delay * 2, 15_000)) {
    // oxlint-disable-next-line no-await-in-loop
    const report = await look(options);
    if (waitMs === 0 || !report.sections.some(mayPass)) return report;
    // oxlint-disable-next-line no-await-in-loop
    updated ??= (await lastUpdate(stack, options)) ?? new Date(0);
    const left = updated.getTime() + waitMs - now().getTime();
    if (!(left > 0)) return report;
    progress(`The last update is young, looking again for ${Math.ceil(left / 1000)} s more …`);
    // oxlint-disable-next-line no-await-in-loop
    await pause(Math.min(delay, left));
  }
}

/** Whether a server that lags behind may have said so. */
function mayPass({ findings }: Section): boolean {
  const passing = new Set([missing.id, applicationDeleted.id, changed.id]);
  return findings.some(({ id }) => passing.has(id));
}

async function look(options: DriftOptions): Promise<Report> {
  const { stack, component, baseline, now } = options;
  const args = ["refresh", "--preview-only", "--json", ...(stack === undefined ? [] : ["--stack", stack])];
  const result = await tryPulumi(args, options);
  options.signal.throwIfAborted();
  const preview = parseRefreshPreview(result.output);
  const [first] = preview?.steps ?? [];
  const explained = first !== undefined && preview?.diagnostics.some(({ severity }) => severity === "error");
  if (preview === undefined || (result.exitCode !== 0 && !explained)) {
    throw pulumiError(args, withDiagnostics(result));
  }
  const sections = driftSections(preview, now()).map((section) => accept(section, baseline, now()));
  const [, stackName = stack ?? "", project = ""] = /^urn:pulumi:(.+?)::(.+?)::/.exec(first?.urn ?? "") ?? [];
  return { project, stack: stackName, sections: select(sections, component) };
}

function select(sections: readonly Section[], component: string | undefined): readonly Section[] {
  if (component === undefined) return sections;
  const chosen = sections.filter(({ name }) => name === component || name === "stack");
  if (chosen.some(({ name }) => name === component)) return chosen;
  throw new CliError(
    "EXO_AUTH_NO_COMPONENT",
    ExitCode.Configuration,
    `--component names no component of the stack, got "${component}". See \`exo-auth status\`.`,
  );
}

/** With `--json`, Pulumi says why it failed in the document. */
function withDiagnostics(result: PulumiResult): PulumiResult {
  const preview = parseRefreshPreview(result.output);
  const told = (preview?.diagnostics ?? []).map(({ message }) => message.trim()).join("\n");
  return { ...result, errors: result.errors.trim() === "" ? told || result.output : result.errors };
}
