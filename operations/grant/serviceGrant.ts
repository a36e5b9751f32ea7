import type { RoleService } from "./declaredRoles.ts";
import type { RoleStep } from "./roleSteps.ts";

/** What became of one component in one service. */
export interface ServiceGrant {
  readonly component: string;
  readonly service: RoleService;
  /** What was changed, or would be. */
  readonly steps: readonly RoleStep[];
  /** What Exchange does not show yet, although it took the changes. */
  readonly pending: readonly RoleStep[];
  readonly notes: readonly string[];
  /** Why the service was not read, where nothing is declared in it. */
  readonly notRead?: string;
}

/** How long to wait for Exchange to show what was changed, and who hears of it. */
export interface GrantWaiting {
  /** In milliseconds. */
  readonly waitMs: number;
  readonly pause: (milliseconds: number) => Promise<void>;
  readonly progress: (text: string) => void;
}
