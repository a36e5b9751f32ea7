import { expect, test } from "vitest";
import { componentType } from "../../../common/typeTokens.ts";
import { withExchangeRoles } from "../../../operations/drift/exchangeRoles.ts";
import type { Section } from "../../../operations/findings/finding.ts";
import type { ExchangeQuestion } from "../../../operations/grant/askExchange.ts";
import { groupRule, missingRule, widenedRule } from "../../../operations/grant/roleRules.ts";
import type { PlanStep } from "../../../stack/plan.ts";

const outputs = {
  appId: "app",
  tenantId: "tenant",
  tenantDomain: "contoso.onmicrosoft.com",
  servicePrincipalObjectId: "principal",
};
const record = { permissions: [], roleTemplateIds: [], userRoles: [] };

test("a component that declares roles of Exchange is asked for, and what nobody declared is left to the audit", async () => {
  const asked: ExchangeQuestion[] = [];
  const sections = await withExchangeRoles(
    [section("exchange"), section("plain"), section("stack")],
    [stepOf("exchange", { ...record, exchangeRoles: [{ role: "Mail Tips" }] }), stepOf("plain", record)],
    async (question) => {
      asked.push(question);
      const about = { check: "c", subject: "s", found: "f", declared: "d", remedy: "exo-auth grant --yes" };
      return {
        checks: ["c"],
        findings: [missingRule, widenedRule, groupRule].map((rule) => ({ ...rule, ...about })),
        unread: [{ check: "c", reason: "r", denied: true, optional: true }],
        removalOf: () => undefined,
        timedRoles: [],
      };
    },
  );
  expect(asked).toEqual([
    {
      project: "p",
      stack: "s",
      cloud: "global",
      component: {
        name: "exchange",
        ...outputs,
        record: { kind: "known", record: { ...record, exchangeRoles: [{ role: "Mail Tips" }] } },
      },
    },
  ]);
  expect(sections[0]).toMatchObject({ checks: ["c"], unread: [{ reason: "r" }] });
  expect(sections[0]?.findings.map(({ id }) => id)).toEqual([
    "EXO-DRIFT-EXCHANGE-ROLE-MISSING",
    "EXO-DRIFT-EXCHANGE-ROLE-CHANGED",
  ]);
  expect(sections.slice(1)).toEqual([section("plain"), section("stack")]);
});

function section(name: string): Section {
  return { name, checks: [], findings: [], accepted: [], unread: [], notes: [] };
}

function stepOf(name: string, inputs: Record<string, unknown>): PlanStep {
  const urn = `urn:pulumi:s::p::${componentType}::${name}`;
  const oldState = {
    urn,
    type: componentType,
    custom: false,
    delete: false,
    id: "",
    inputs,
    outputs,
    dependencies: [],
    initErrors: [],
  };
  return { op: "refresh", urn, oldState };
}
