import type { RunArguments } from "./arguments.ts";
import { conformanceCases } from "./cases.ts";
import { caseOptions, type CaseOption } from "./conformanceCase.ts";
import type { Limits } from "./workplace.ts";

/** What a run takes at most: ten minutes in most tenants. */
export const limits: Limits = { requests: 1500, ms: 30 * 60_000, settleMs: 45_000 };

/** What a run will do, for the person who decides. */
export function describePlan({ tenantId, readsOnly, options }: RunArguments, mark: string): string {
  const chosen = conformanceCases.filter(
    (one) =>
      (!readsOnly || one.readsOnly === true) && (one.options ?? []).every((option) => options.has(option)),
  );
  return [
    `This runs ${chosen.length} cases in the tenant ${tenantId} and compares the answers with those of the sandbox.`,
    ...(readsOnly ? readsOnlyPlan : writingPlan(mark)),
    `It sends ${limits.requests} requests at most, five in a second, and ends after ${limits.ms / 60_000} minutes at the latest.`,
    "A test tenant is the best choice.",
  ].join("\n");
}

const readsOnlyPlan = [
  "It reads the directory with your rights, and creates nothing. The sign-in logs have its sign-in.",
];

function writingPlan(mark: string): readonly string[] {
  return [
    `It creates applications with service principals, certificates, secrets and federated credentials, two security groups and two administrative units. Their names begin with "${mark}". It writes to nothing else.`,
    "It gives some of these applications Exchange.ManageAsApp of Office 365 Exchange Online, and no other permission.",
    "It takes the rights to create these and to give that consent, such as those of a Global Administrator. Cases for which your rights are not enough are reported as such.",
    "At the end, and if you press Ctrl-C, it deletes all of them for good, and looks whether they are gone. After a kill, run it with --clean-up.",
    "The audit logs and the sign-in logs keep their entries. Nobody can delete those.",
  ];
}

/** The question of one option. */
export function optionQuestion(option: CaseOption): string {
  return `--${option}: it also ${caseOptions[option]}. Do this?`;
}
