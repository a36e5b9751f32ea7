import { adoptCommand } from "./commands/adopt.ts";
import { auditCommand } from "./commands/audit.ts";
import { checkCommand } from "./commands/check.ts";
import { discoverCommand } from "./commands/discover.ts";
import { fleetAddCommand } from "./commands/fleetAdd.ts";
import { fleetCheckCommand } from "./commands/fleetCheck.ts";
import { fleetRotateCommand } from "./commands/fleetRotate.ts";
import { fleetReportCommand } from "./commands/fleetReport.ts";
import { driftCommand } from "./commands/drift.ts";
import { exportCommand } from "./commands/export.ts";
import { grantCommand } from "./commands/grant.ts";
import { matrixCommand } from "./commands/matrix.ts";
import { preflightCommand } from "./commands/preflight.ts";
import { repairCommand } from "./commands/repair.ts";
import { revokeCommand } from "./commands/revoke.ts";
import { rotateCommand } from "./commands/rotate.ts";
import { statusCommand } from "./commands/status.ts";
import { tokenCommand } from "./commands/token.ts";
import { verifyCommand } from "./commands/verify.ts";
import type { Command } from "./command.ts";

/** Every command, in the order of help. Each loads what it needs when it runs, so that help is quick. */
export const commands: readonly Command[] = [
  verifyCommand,
  statusCommand,
  preflightCommand,
  exportCommand,
  tokenCommand,
  driftCommand,
  auditCommand,
  checkCommand,
  rotateCommand,
  revokeCommand,
  grantCommand,
  repairCommand,
  discoverCommand,
  adoptCommand,
  matrixCommand,
  fleetCheckCommand,
  fleetReportCommand,
  fleetAddCommand,
  fleetRotateCommand,
];
