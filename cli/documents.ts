import type { ErrorCode } from "../common/failure.ts";
import type { ExportResult } from "../operations/export/exportCertificate.ts";
import type { AuditResult } from "../operations/audit/audit.ts";
import type { AdoptResult } from "../operations/adoption/adopt.ts";
import type { DiscoverResult } from "../operations/adoption/discover.ts";
import type { CheckedStack } from "../operations/check/check.ts";
import type { FleetAddResult } from "../operations/fleet/fleetAdd.ts";
import type { RotatedStack } from "../operations/fleet/fleetRotate.ts";
import type { FleetDocument } from "../operations/fleet/fleetDocument.ts";
import type { FleetReport, FleetSummary } from "../operations/fleet/fleetSummary.ts";
import type { GivenRoles } from "../operations/grant/givenRoles.ts";
import type { MatrixResult } from "../operations/matrix/matrix.ts";
import type { PreflightResult } from "../operations/preflight/preflight.ts";
import type { RepairResult } from "../operations/repair/repair.ts";
import type { BlockResult } from "../operations/tenant/block.ts";
import type { RevokeResult } from "../operations/rotation/revoke.ts";
import type { RotateResult } from "../operations/rotation/rotate.ts";
import type { StatusResult } from "../operations/status.ts";
import type { JobClaims } from "../operations/token/jobClaims.ts";
import type { VerifyResult } from "../operations/verification/verify.ts";
import type { Report } from "../operations/findings/finding.ts";

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

/** What `exo-auth token --show-claims --json` prints; a token itself is in no document. */
export type TokenDocument = (Envelope<"token"> & JobClaims) | FailureDocument;

/** What `exo-auth drift --json` prints. */
export type DriftDocument = (Envelope<"drift"> & Report) | FailureDocument;

/** What `exo-auth audit --json` prints. */
export type AuditDocument = (Envelope<"audit"> & AuditResult) | FailureDocument;

/** What `exo-auth check --json` prints. */
export type CheckDocument =
  | (Envelope<"check"> & Required<Omit<CheckedStack, "components">>)
  | FailureDocument;

/** What `exo-auth fleet check --json` prints. */
export type FleetCheckDocument = (Envelope<"fleet check"> & FleetSummary) | FailureDocument;

/** What `exo-auth fleet report --json` prints. */
export type FleetReportDocument = (Envelope<"fleet report"> & FleetReport) | FailureDocument;

/** What `exo-auth fleet add --json` prints. */
export type FleetAddDocument = (Envelope<"fleet add"> & FleetAddResult) | FailureDocument;

/** What `exo-auth fleet rotate --json` prints. */
export type FleetRotateDocument =
  | (Envelope<"fleet rotate"> & { readonly stacks: readonly RotatedStack[] })
  | FailureDocument;

/** What `exo-auth fleet check --out` writes: one file a stack. */
export type FleetStackDocument = FleetDocument;

/** What `exo-auth rotate --json` prints. */
export type RotateDocument = (Envelope<"rotate"> & RotateResult) | FailureDocument;

/** What `exo-auth revoke --json` prints: the second form with `--block` and `--unblock`. */
export type RevokeDocument =
  | (Envelope<"revoke"> & RevokeResult)
  | (Envelope<"revoke"> & BlockResult)
  | FailureDocument;

/** What `exo-auth grant --json` prints; with `--print`, it prints PowerShell. */
export type GrantDocument = (Envelope<"grant"> & GivenRoles) | FailureDocument;

/** What `exo-auth repair --json` prints. */
export type RepairDocument = (Envelope<"repair"> & RepairResult) | FailureDocument;

/** What `exo-auth discover --json` prints. */
export type DiscoverDocument = (Envelope<"discover"> & DiscoverResult) | FailureDocument;

/** What `exo-auth adopt --json` prints: the second form with `--code`. */
export type AdoptDocument =
  | (Envelope<"adopt"> & AdoptResult)
  | (Envelope<"adopt"> & { readonly code: string })
  | FailureDocument;

/** What `exo-auth matrix --json` prints. */
export type MatrixDocument = (Envelope<"matrix"> & MatrixResult) | FailureDocument;
