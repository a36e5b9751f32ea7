import type { Probe } from "./probe.ts";

/** What a run does only if it is asked to by name, with a question of its own. */
export const caseOptions = {
  "directory-role": "assigns directory roles to applications and groups that the run creates",
  policies:
    "creates application management policies, for applications that the run creates and for nothing else",
  "conditional-access":
    "creates a conditional access policy, for a service principal that the run creates and for nothing else",
  deployment:
    "deploys this project's component with Pulumi, adds credentials behind Pulumi's back, and destroys it. Pulumi downloads what it lacks, up to 300 MB",
} as const satisfies Readonly<Record<string, string>>;

/** One of these options. */
export type CaseOption = keyof typeof caseOptions;

/** What kind of tenant it is, as far as cases and pages depend on it. */
export interface TenantKind {
  readonly cloud: "global" | "usGovernmentHigh" | "usGovernmentDod" | "china";
  /** Whether it has Exchange Online licenses. */
  readonly exchange: boolean;
  /** Whether it has the service principal of Microsoft Exchange Online Protection. */
  readonly exchangeOnlineProtection: boolean;
  /** Whether it has Privileged Identity Management. */
  readonly entraIdP2: boolean;
  /** Whether a new application gets an instance lock. */
  readonly appInstanceLock: boolean;
}

/** A small script of requests that shows whether a tenant does as the sandbox does. */
export interface ConformanceCase {
  /** Its name, in reports. It never changes. */
  readonly id: string;
  /** What it looks at, for people. */
  readonly title: string;
  /** The beliefs that it confirms or refutes, by their ids. @default none: it is about routes */
  readonly beliefs?: readonly string[];
  /** The options that it takes, all of them. @default none */
  readonly options?: readonly CaseOption[];
  /** Whether it creates nothing. @default false */
  readonly readsOnly?: boolean;
  /** The tenants in which it says something. @default all */
  readonly fits?: (kind: TenantKind) => boolean;
  /** Whether the tenant may show more properties than the sandbox. @default false */
  readonly allowsMore?: boolean;
  readonly run: (probe: Probe) => Promise<unknown>;
}
