import type * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";

import { isGuid } from "../../common/guid.ts";
import {
  complianceManagementRoles,
  complianceRoleGroups,
  exchangeManagementRoles,
  exchangeRoleGroups,
  isIdentifier,
  isSameRoleName,
} from "../../microsoft/exchangeRoleGroups.ts";
import { type ReportProblem, reportRepeated, show } from "../problems.ts";
import { reportUnknownKeys } from "./argumentKeys.ts";
import { inputOf, mustBe, parse, parseList, record, textUpTo } from "./shape.ts";

/** A management role of Exchange Online, and the recipients that it may change. */
export interface ExchangeRole {
  /** The role's name in Exchange, such as `Mail Recipients`. */
  readonly role: string;
  /**
   * The recipients (mailboxes, groups, contacts) that the role may change, as a filter such as `Department -eq 'Sales'`
   * ([properties](https://learn.microsoft.com/powershell/exchange/recipientfilter-properties)). It does not limit what
   * the role may read.
   *
   * @default - all recipients
   */
  readonly recipientFilter?: string;
  /**
   * The object ID of the administrative unit, a container for users and groups in Entra, whose recipients the role may
   * change. It does not limit what the role may read. Use either this or `recipientFilter`.
   *
   * @default - all recipients
   */
  readonly administrativeUnit?: pulumi.Input<string>;
}

/** What the application may do by the roles of Exchange itself. */
export interface ExchangeAccess {
  /** Names of role groups of Exchange Online. */
  readonly roleGroups: readonly string[];
  readonly roles: readonly ExchangeRole[];
  /** Names of role groups of Security & Compliance. */
  readonly complianceRoleGroups: readonly string[];
}

/** The longest name of a role or a role group. Source: Microsoft's page about New-RoleGroup. */
const maximumNameLength = 64;

/** The description of a role group says which groups an application was put into; this many names fit. */
const maximumGroups = 12;

const nameProblem = mustBe(
  `be a text of 1 to ${maximumNameLength} characters without a semicolon`,
  "Give the name that Exchange shows.",
);
/** A semicolon would part two names. */
const Name = v.pipe(
  textUpTo(maximumNameLength, nameProblem),
  v.regex(/^[^\s;](?:[^;\r\n]*[^\s;])?$/, nameProblem),
  v.check(
    (name) => !isIdentifier(name),
    mustBe("be a name, because nobody sees what an ID or a path gives", "Give the name that Exchange shows."),
  ),
);

const Role = record(mustBe("be an object", 'Give { role: "View-Only Recipients" }.'));

const filterProblem = mustBe(
  "be a recipient filter of at most 2000 characters in one line",
  "Give one such as \"Department -eq 'Sales'\", or leave it out.",
);
const Filter = v.optional(
  v.pipe(textUpTo(2000, filterProblem), v.regex(/^[^\r\n]*\S[^\r\n]*$/, filterProblem)),
);

const unitProblem = mustBe(
  "be the object ID of an administrative unit",
  "Give the GUID that Entra shows for it, or leave it out.",
);
const Unit = v.optional(inputOf(v.pipe(v.string(unitProblem), v.check(isGuid, unitProblem))));

/** Checks the arguments that are about Exchange's own roles. */
export function resolveExchangeAccess(
  args: {
    readonly exchangeRoleGroups?: unknown;
    readonly exchangeRoles?: unknown;
    readonly complianceRoleGroups?: unknown;
  },
  report: ReportProblem,
): ExchangeAccess {
  return {
    roleGroups: resolveNames(args.exchangeRoleGroups, "exchangeRoleGroups", '["Help Desk"]', report),
    roles: resolveRoles(args.exchangeRoles, report),
    complianceRoleGroups: resolveNames(
      args.complianceRoleGroups,
      "complianceRoleGroups",
      '["Security Reader"]',
      report,
    ),
  };
}

/** What a person should know of roles whose limit has no effect. */
export function scopeWarnings({ roles }: ExchangeAccess): readonly string[] {
  return roles.flatMap(({ role, recipientFilter, administrativeUnit }, index) => {
    const isLimited = recipientFilter !== undefined || administrativeUnit !== undefined;
    if (!isLimited || !/^View-Only /i.test(role)) return [];
    return [
      `\`exchangeRoles[${index}]\` limits what "${role}" may change, and this role only reads. It reads all recipients.`,
    ];
  });
}

type GroupsKey = "exchangeRoleGroups" | "complianceRoleGroups";

function resolveNames(
  value: unknown,
  path: GroupsKey,
  example: string,
  report: ReportProblem,
): readonly string[] {
  if (value === undefined) return [];
  const names =
    parseList(value, path, example, report, (item, at) => {
      const name = parse(Name, item, at, report);
      const wrong = name === undefined ? undefined : wrongGroup(name, path);
      if (wrong !== undefined) report(at, wrong);
      return name;
    }) ?? [];
  if (names.length > maximumGroups)
    report(
      path,
      `must have at most ${maximumGroups} role groups, got ${names.length}. Create a role group that holds the roles.`,
    );
  reportRepeated(
    names.map((name, index) => name?.toLowerCase() ?? `(${index})`),
    path,
    "role group",
    report,
  );
  return names.filter((name) => name !== undefined);
}

function resolveRoles(value: unknown, report: ReportProblem): readonly ExchangeRole[] {
  if (value === undefined) return [];
  const path = "exchangeRoles";
  const roles =
    parseList(value, path, '[{ role: "View-Only Recipients" }]', report, (item, at) =>
      resolveRole(item, at, report),
    ) ?? [];
  reportRepeated(
    roles.map((role, index) => (role === undefined ? `(${index})` : identityOf(role, index))),
    path,
    "role",
    report,
  );
  return roles.filter((role) => role !== undefined);
}

function resolveRole(given: unknown, path: string, report: ReportProblem): ExchangeRole | undefined {
  const value = parse(Role, given, path, report);
  if (value === undefined) return undefined;
  reportUnknownKeys(value, `${path}.`, report);
  const role = parse(Name, value["role"], `${path}.role`, report);
  const recipientFilter = parse(Filter, value["recipientFilter"], `${path}.recipientFilter`, report);
  const unit = parse(Unit, value["administrativeUnit"], `${path}.administrativeUnit`, report);
  const administrativeUnit = typeof unit === "string" ? unit.toLowerCase() : unit;
  if (value["recipientFilter"] !== undefined && value["administrativeUnit"] !== undefined)
    report(
      path,
      "has both `recipientFilter` and `administrativeUnit`, and Exchange takes one of them. Remove one.",
    );
  if (role === undefined) return undefined;
  if (isIn(role, Object.keys(exchangeRoleGroups)) && !isIn(role, exchangeManagementRoles))
    report(`${path}.role`, `is the role group ${show(role)}, not a role. Name it in \`exchangeRoleGroups\`.`);
  else if (isIn(role, complianceManagementRoles) && !isIn(role, exchangeManagementRoles))
    report(
      `${path}.role`,
      `is the role ${show(role)} of Security & Compliance. Name a role group that holds it in \`complianceRoleGroups\`.`,
    );
  const shown = exchangeManagementRoles.find((one) => isSameRoleName(one, role));
  if (shown !== undefined && shown.toLowerCase() !== role.toLowerCase())
    report(
      `${path}.role`,
      `must be a name as Exchange shows it, got ${show(role)}. Did you mean ${show(shown)}?`,
    );
  return {
    role,
    ...(recipientFilter === undefined ? {} : { recipientFilter }),
    ...(administrativeUnit === undefined ? {} : { administrativeUnit }),
  };
}

/** Why a name cannot be a group of this store, with the argument that takes it; undefined where it can be one. */
function wrongGroup(name: string, path: GroupsKey): string | undefined {
  const exchangeGroups = Object.keys(exchangeRoleGroups);
  const complianceGroups = Object.keys(complianceRoleGroups);
  const isExchange = path === "exchangeRoleGroups";
  if (isIn(name, isExchange ? exchangeGroups : complianceGroups)) return undefined;
  if (isIn(name, exchangeManagementRoles))
    return `is the role ${show(name)} of Exchange Online, not a role group. Name it in \`exchangeRoles\`: { role: ${show(name)} }.`;
  if (isIn(name, isExchange ? complianceGroups : exchangeGroups)) {
    const [service, key] = isExchange
      ? ["Security & Compliance", "complianceRoleGroups"]
      : ["Exchange Online", "exchangeRoleGroups"];
    return `is the role group ${show(name)} of ${service}. Name it in \`${key}\`.`;
  }
  if (!isIn(name, complianceManagementRoles)) return undefined;
  return `is the role ${show(name)} of Security & Compliance, not a role group. Name a role group that holds it in \`complianceRoleGroups\`.`;
}

/** Which argument takes a name that is no role of Entra; undefined where it is nothing of Exchange either. */
export function exchangeArgumentOf(name: string): string | undefined {
  if (isIn(name, exchangeManagementRoles)) return "exchangeRoles";
  if (isIn(name, Object.keys(exchangeRoleGroups))) return "exchangeRoleGroups";
  return isIn(name, Object.keys(complianceRoleGroups)) ? "complianceRoleGroups" : undefined;
}

function isIn(name: string, names: readonly string[]): boolean {
  return names.some((one) => isSameRoleName(one, name));
}

/** One role over the same recipients is one assignment; a unit that is known later is nobody's. */
function identityOf({ role, recipientFilter, administrativeUnit }: ExchangeRole, index: number): string {
  if (administrativeUnit !== undefined && typeof administrativeUnit !== "string") return `(${index})`;
  return [role.toLowerCase(), recipientFilter ?? "", administrativeUnit ?? ""].join("\n");
}
