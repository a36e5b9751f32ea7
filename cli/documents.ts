import type { ErrorCode } from "./cliError.ts";
import type { ExportResult } from "./commands/export.ts";
import type { AuditResult } from "./commands/audit.ts";
import type { MatrixResult } from "./commands/matrix.ts";
import type { PreflightResult } from "./commands/preflight.ts";
import type { RepairResult } from "./commands/repair.ts";
import type { RevokeResult } from "./commands/revoke.ts";
import type { RotateResult } from "./commands/rotate.ts";
import type { StatusResult } from "./commands/status.ts";
import type { VerifyResult } from "./commands/verify.ts";
import type { Report } from "./findings/finding.ts";

/** What every JSON document begins with. */
interface Envelope<Command extends string> {
  /** The version of this form; grows when a reader would have to change. */
  readonly schemaVersion: 1;
  readonly command: Command;
}

/** What any command prints with `--json` where it could not do its work. */
export interface FailureDocument extends Envelope<string> {
  readonly error: {
    /** Tells one error from another. Never renamed. */
    readonly code: ErrorCode;
    /** What is wrong, and what to do about it. */
    readonly message: string;
  };
}

/** What `exo-auth verify --json` prints. */
export type VerifyDocument = (Envelope<"verify"> & VerifyResult) | FailureDocument;

/** What `exo-auth status --json` prints. */
export type StatusDocument = (Envelope<"status"> & StatusResult) | FailureDocument;

/** What `exo-auth preflight --json` prints. */
export type PreflightDocument = (Envelope<"preflight"> & PreflightResult) | FailureDocument;

/** What `exo-auth export --json` prints. */
export type ExportDocument = (Envelope<"export"> & ExportResult) | FailureDocument;

/** What `exo-auth drift --json` prints. */
export type DriftDocument = (Envelope<"drift"> & Report) | FailureDocument;

/** What `exo-auth audit --json` prints. */
export type AuditDocument = (Envelope<"audit"> & AuditResult) | FailureDocument;

/** What `exo-auth rotate --json` prints. */
export type RotateDocument = (Envelope<"rotate"> & RotateResult) | FailureDocument;

/** What `exo-auth revoke --json` prints. */
export type RevokeDocument = (Envelope<"revoke"> & RevokeResult) | FailureDocument;

/** What `exo-auth repair --json` prints. */
export type RepairDocument = (Envelope<"repair"> & RepairResult) | FailureDocument;

/** What `exo-auth matrix --json` prints. */
export type MatrixDocument = (Envelope<"matrix"> & MatrixResult) | FailureDocument;
