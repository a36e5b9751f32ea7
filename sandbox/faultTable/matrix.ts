import type { Sandbox } from "../createSandbox.ts";
import type { Recovery } from "./cell.ts";
import { type FaultName, faultNames } from "./fault.ts";
import { Lane } from "./lane.ts";
import { type Phase, phases } from "./phase.ts";
import { type RequestRow, titleOf } from "./requestRow.ts";

/** One request with what each fault on it came to. */
export interface MatrixRow {
  readonly phase: Phase;
  readonly request: RequestRow;
  readonly cells: Partial<Record<FaultName, Recovery>>;
}

/** The faults that a request can meet: signing in knows no 404 and no 409. */
function faultsOf({ request }: MatrixRow): readonly FaultName[] {
  return isSignIn(request) ? faultNames.filter((fault) => fault !== "404" && fault !== "409") : faultNames;
}

/** How the cells of a table are filled. */
export interface MatrixOptions {
  /** As many cells run at a time as there are sandboxes. */
  readonly sandboxes: readonly Sandbox[];
  /** The rows. @default every row, found by runs without a fault */
  readonly rows?: readonly MatrixRow[];
  /** The faults to try on a row's request. @default every one that it can meet */
  readonly choose?: (row: MatrixRow) => readonly FaultName[];
  /** Which of the cells, by their number in the table's order. @default all */
  readonly isWanted?: (index: number) => boolean;
  /** Told of each cell as it is done. @default nobody is told */
  readonly onCell?: (row: MatrixRow, fault: FaultName, recovery: Recovery) => void;
}

/** Fills the cells that are chosen. @returns the rows */
export async function fillMatrix(options: MatrixOptions): Promise<readonly MatrixRow[]> {
  const { sandboxes, choose = faultsOf, isWanted = () => true, onCell } = options;
  const lanes = sandboxes.map((sandbox) => new Lane(sandbox));
  const rows = options.rows ?? (await findRows(lanes[0]!));
  const cells = rows
    .flatMap((row) => choose(row).map((fault) => ({ row, fault })))
    .filter((_, index) => isWanted(index));
  const work = async (lane: Lane): Promise<void> => {
    for (let cell = cells.shift(); cell !== undefined; cell = cells.shift()) {
      const { row, fault } = cell;
      const recovery = await lane
        .run(row.phase, [row.request], fault)
        .catch((error: unknown): Recovery => ({ steps: [], problems: [String(error)] }));
      row.cells[fault] = recovery;
      onCell?.(row, fault, recovery);
    }
  };
  await Promise.all(lanes.map(work));
  return rows;
}

/** The rows of each phase: requests that write, and those that read where they come for the first time. */
async function findRows(lane: Lane): Promise<MatrixRow[]> {
  const read = new Set<string>();
  const rows: MatrixRow[] = [];
  for (const phase of phases) {
    for (const request of await lane.rows(phase)) {
      const isWrite = request.method !== "GET" && !isSignIn(request);
      if (!isWrite && read.has(titleOf(request))) continue;
      read.add(titleOf(request));
      rows.push({ phase, request, cells: {} });
    }
  }
  return rows;
}

function isSignIn({ template }: RequestRow): boolean {
  return template.includes("/oauth2/") || template.startsWith("/metadata/");
}
