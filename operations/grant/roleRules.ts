import type { Rule } from "../findings/finding.ts";

const source = "https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2";

/** A role group of Exchange itself that the application is in, and that nobody declared. */
export const groupRule: Rule = {
  id: "EXO-AUDIT-EXCHANGE-ROLE-GROUP",
  title: "Role group of Exchange that the application is in",
  severity: "high",
  why: "The application can do what the role group allows. No role of Entra shows it.",
  source,
};

/** A management role that the application holds, and that nobody declared. */
export const roleRule: Rule = {
  id: "EXO-AUDIT-EXCHANGE-ROLE",
  title: "Management role of Exchange that the application holds",
  severity: "high",
  why: "The application can do what the role allows. No role of Entra shows it.",
  source,
};

/** Somebody else in the role group that a component has of its own. */
export const memberRule: Rule = {
  id: "EXO-AUDIT-EXCHANGE-ROLE-GROUP-MEMBER",
  title: "Somebody else in the component's role group",
  severity: "medium",
  why: "The role group was created for this component alone. Somebody else has its roles now, too.",
  source,
};

/** A declared role that may change more than is declared. */
export const widenedRule: Rule = {
  id: "EXO-AUDIT-EXCHANGE-ROLE-CHANGED",
  title: "Management role of Exchange that is not as declared",
  severity: "high",
  why: "Somebody changed the role, or the recipients that it may change.",
  source,
};

/** A declared role group or role that the application does not have. */
export const missingRule: Rule = {
  id: "EXO-AUDIT-EXCHANGE-ROLE-MISSING",
  title: "Declared role group or role of Exchange that is missing",
  severity: "medium",
  why: "Scripts that need it fail. Somebody removed or disabled it, or `exo-auth grant` has not run yet.",
  source,
};

/** Every kind of finding about roles of Exchange itself. */
export const exchangeRoleRules: readonly Rule[] = [groupRule, roleRule, memberRule, widenedRule, missingRule];
