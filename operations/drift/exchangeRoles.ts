import * as v from "valibot";
import { componentType } from "../../common/typeTokens.ts";
import { cloudOf } from "../../stack/components.ts";
import type { PlanStep } from "../../stack/plan.ts";
import { readRecord } from "../../stack/record.ts";
import { parseUrn } from "../../stack/urn.ts";
import type { Finding, Rule, Section } from "../findings/finding.ts";
import type { AskExchange, ExchangeQuestion } from "../grant/askExchange.ts";
import { declaredRoles, isDeclared } from "../grant/declaredRoles.ts";
import { missingRule, widenedRule } from "../grant/roleRules.ts";
import { timedRolesOf } from "../timedRoles/declaredTimedRoles.ts";
import { timedRoleChanged, timedRoleMissing } from "../timedRoles/timedRoleFindings.ts";

/** A role group or role that the last update declared, and that Exchange does not give. */
export const exchangeRoleMissing: Rule = { ...missingRule, id: "EXO-DRIFT-EXCHANGE-ROLE-MISSING" };

/** One that Exchange gives otherwise. */
export const exchangeRoleChanged: Rule = { ...widenedRule, id: "EXO-DRIFT-EXCHANGE-ROLE-CHANGED" };

/** A declared role with an end that the application does not have, or not as long. */
export const driftedRoleMissing: Rule = { ...timedRoleMissing, id: "EXO-DRIFT-TIMED-ROLE-MISSING" };

/** One that lasts longer than declared. */
export const driftedRoleChanged: Rule = { ...timedRoleChanged, id: "EXO-DRIFT-TIMED-ROLE-CHANGED" };

/** What of the declared roles is not so any more. What nobody declared is the audit's. */
const drifted: ReadonlyMap<string, string> = new Map([
  [missingRule.id, exchangeRoleMissing.id],
  [widenedRule.id, exchangeRoleChanged.id],
  [timedRoleMissing.id, driftedRoleMissing.id],
  [timedRoleChanged.id, driftedRoleChanged.id],
]);

/** The sections with what `exo-auth grant` gave and is not so any more, for components that declare something of it. */
export async function withExchangeRoles(
  sections: readonly Section[],
  steps: readonly PlanStep[],
  askExchange: AskExchange,
): Promise<readonly Section[]> {
  const questions = steps.flatMap(questionOf);
  return Promise.all(
    sections.map(async (section) => {
      const question = questions.find(({ component }) => component.name === section.name);
      if (question === undefined) return section;
      const { checks, findings, unread } = await askExchange(question);
      return {
        ...section,
        checks: [...section.checks, ...checks],
        findings: [...section.findings, ...findings.flatMap(driftOf)],
        unread: [...section.unread, ...unread],
      };
    }),
  );
}

function driftOf(finding: Finding): readonly Finding[] {
  const id = drifted.get(finding.id);
  return id === undefined ? [] : [{ ...finding, id }];
}

const Placed = v.object({
  appId: v.string(),
  tenantId: v.string(),
  tenantDomain: v.string(),
  servicePrincipalObjectId: v.string(),
});

function questionOf({ urn, oldState }: PlanStep): readonly ExchangeQuestion[] {
  if (oldState?.type !== componentType || !v.is(Placed, oldState.outputs)) return [];
  const { name, project, stack } = parseUrn(urn);
  const { appId, tenantId, tenantDomain, servicePrincipalObjectId } = oldState.outputs;
  const record = readRecord(oldState);
  if (record.kind !== "known") return [];
  const declaresExchange = Object.values(declaredRoles({ name, record })).some(isDeclared);
  if (!declaresExchange && timedRolesOf(record).length === 0) return [];
  const component = { name, record, appId, tenantId, tenantDomain, servicePrincipalObjectId };
  return [{ component, project, stack, cloud: cloudOf(oldState.inputs, tenantDomain) }];
}
