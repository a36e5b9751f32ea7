import type { CheckResult, Obstacle } from "./checkResult.ts";

/** An obstacle out of what the component, or Pulumi, says against a plan. */
export function planProblem(message: string): CheckResult {
  const known = causes.find(({ text }) => text.test(message));
  const { cause, remedy } = known ?? otherwise;
  return { kind: "obstacle", cause, message, remedy };
}

interface Meaning {
  readonly cause: Obstacle;
  readonly remedy: string;
}

const otherwise: Meaning = {
  cause: "planRefused",
  remedy: "Correct it, and run `pulumi preview`.",
};

const remedy = "Nothing is created until this is right.";

const causes: readonly (Meaning & { readonly text: RegExp })[] = [
  { text: /`expectedTenantId`/, cause: "wrongTenant", remedy },
  { text: /`cloud`/, cause: "wrongCloud", remedy },
  {
    text: /Exchange Online Protection, whose service principal is not in this tenant/,
    cause: "securityAndComplianceMissing",
    remedy,
  },
];
