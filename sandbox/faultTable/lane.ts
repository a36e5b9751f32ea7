import type { Sandbox } from "../createSandbox.ts";
import { trustInThisProcess } from "../workspace/trust.ts";
import type { Recovery, LiveStack } from "./cell.ts";
import { rowsOfOperation, runCell, subjectOf } from "./cell.ts";
import type { FaultName } from "./fault.ts";
import type { Phase } from "./phase.ts";
import { nameGeneration, settingsChanges } from "./phase.ts";
import type { RequestRow } from "./requestRow.ts";

/** A sandbox in which one cell runs after the other. */
export class Lane {
  readonly #sandbox: Sandbox;
  #turn = 0;
  /** A stack that stands where its phase begins. */
  #standing: { readonly phase: Phase; readonly subject: LiveStack } | undefined;

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
    trustInThisProcess(sandbox.tenant.certificateAuthorityPem);
  }

  /** The rows of a phase, from a run without faults. */
  async rows(phase: Phase): Promise<readonly RequestRow[]> {
    const subject = await this.#begin(phase);
    const rows = await rowsOfOperation(subject, phase.operation);
    await this.#restore(phase, subject);
    return rows;
  }

  /** Runs one cell of a phase. A cell that fails costs the stack. */
  async run(phase: Phase, rows: readonly RequestRow[], fault: FaultName): Promise<Recovery> {
    const subject = await this.#begin(phase);
    this.#standing = undefined;
    const recovery = await runCell(subject, phase.operation, rows, fault);
    if (recovery.problems.length === 0) await this.#restore(phase, subject);
    return recovery;
  }

  async #begin(phase: Phase): Promise<LiveStack> {
    this.#turn += 1;
    const subject = this.#standing?.phase === phase ? this.#standing.subject : await this.#makeStack(phase);
    await phase.prepare(subject.stack, this.#turn);
    return subject;
  }

  async #makeStack(phase: Phase): Promise<LiveStack> {
    const { tenant } = this.#sandbox;
    tenant.reset();
    const stack = await this.#sandbox.stack(`cell-${this.#turn}`);
    const subject = await subjectOf(tenant, tenant.seeds[0]!, stack);
    await nameGeneration(stack);
    if (phase.isFirst) return subject;
    if (phase.restore === "addGeneration" || phase.restore === "addFederated")
      await settingsChanges[phase.restore](stack);
    await this.#up(subject);
    return subject;
  }

  async #restore(phase: Phase, subject: LiveStack): Promise<void> {
    this.#standing = undefined;
    if (phase.isFirst) return;
    if (phase.restore !== undefined && phase.restore !== "up")
      await settingsChanges[phase.restore](subject.stack);
    if (phase.restore !== undefined) await this.#up(subject);
    this.#standing = { phase, subject };
  }

  async #up({ stack }: LiveStack): Promise<void> {
    const { exitCode, stdout, stderr } = await stack.run("pulumi", [
      "up",
      "--skip-preview",
      "--yes",
      "--non-interactive",
    ]);
    if (exitCode !== 0) throw new Error(`\`pulumi up\` failed without a fault: ${stdout}${stderr}`);
  }
}
