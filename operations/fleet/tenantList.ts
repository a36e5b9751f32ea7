import { parse } from "csv-parse/sync";
import * as v from "valibot";
import { Failure } from "../../common/failure.ts";
import { isGuid } from "../../common/guid.ts";
import { nearest } from "../../common/nearest.ts";
import { appOnlyRoles } from "../../microsoft/roles.ts";
import { errorMessage } from "../../common/errorMessage.ts";

/** The columns of a list of tenants; the first two are needed. */
const listColumns = ["stack", "tenant", "roles", "deployer", "reader", "previewer"] as const;

type Column = (typeof listColumns)[number];

/** A tenant that is to have a stack. */
export interface ListedTenant {
  readonly stack: string;
  /** The tenant's ID, or one of its domains. */
  readonly tenant: string;
  /** Names of directory roles; empty where the list says nothing. */
  readonly roles: readonly string[];
  /** Client IDs of the identities of the stack's pipelines, by role. */
  readonly identities: Readonly<Partial<Record<"deployer" | "reader" | "previewer", string>>>;
}

/** A line of the file, with its number there. */
type Line = Readonly<{ number: number; cells: Readonly<Partial<Record<Column, string>>> }>;

/**
 * Reads a list of tenants: CSV with a head, between commas or semicolons, as spreadsheets write it.
 *
 * @throws Failure with everything that is wrong
 */
export function parseTenantList(file: string, text: string): readonly ListedTenant[] {
  const lines = linesOf(file, text);
  const problems = lines.flatMap((line) => problemsOf(line));
  const repeated = lines.filter(
    ({ cells: { stack } }, index) => stack && lines.findIndex(({ cells }) => cells.stack === stack) !== index,
  );
  problems.push(
    ...repeated.map(({ number, cells }) => `line ${number}: stack "${cells.stack}" is there twice`),
  );
  if (problems.length > 0) throw invalid(file, problems);
  return lines.map(({ cells: { stack = "", tenant = "", roles, deployer, reader, previewer } }) => ({
    stack,
    tenant: tenant.toLowerCase(),
    roles: roleNames(roles),
    identities: {
      ...(deployer && { deployer }),
      ...(reader && { reader }),
      ...(previewer && { previewer }),
    },
  }));
}

const Records = v.array(
  v.object({ info: v.object({ lines: v.number() }), record: v.record(v.string(), v.string()) }),
);

function linesOf(file: string, text: string): readonly Line[] {
  let head: readonly string[] = [];
  const columns = (names: readonly string[]): string[] => {
    head = names.map((name) => name.toLowerCase());
    return [...head];
  };
  let records;
  try {
    const options = {
      bom: true,
      columns,
      delimiter: [",", ";"],
      info: true,
      skip_empty_lines: true,
      trim: true,
    };
    records = v.parse(Records, parse(text, options));
  } catch (error) {
    throw invalid(file, [errorMessage(error)]);
  }
  const unknown = head.filter((name) => !listColumns.some((column) => column === name));
  const missing = ["stack", "tenant"].filter((column) => !head.includes(column));
  const problems = [
    ...unknown.map((name) => {
      const [near] = nearest(name, listColumns);
      return `there is no column "${name}". ${near === undefined ? `The columns are ${listColumns.join(", ")}` : `Did you mean ${near}?`}`;
    }),
    ...listColumns
      .filter((column) => head.indexOf(column) !== head.lastIndexOf(column))
      .map((column) => `the column "${column}" is there twice`),
    ...missing.map((name) => `the column "${name}" is missing`),
  ];
  if (problems.length > 0) throw invalid(file, problems);
  return records.map(({ info, record }) => ({ number: info.lines, cells: record }));
}

function problemsOf({ number, cells }: Line): readonly string[] {
  const { stack = "", tenant = "", roles } = cells;
  const identities = (["deployer", "reader", "previewer"] as const).flatMap((column) => {
    const id = cells[column];
    return id && !isGuid(id) ? [`${column} must be a client ID (a GUID), got "${id}"`] : [];
  });
  const problems = [
    ...(/^(?!-)[\w.-]{1,100}$/.test(stack)
      ? []
      : [
          `stack must have 1 to 100 letters, digits, hyphens, underscores or periods, and not begin with a hyphen, got "${stack}"`,
        ]),
    ...(isGuid(tenant) || /^(?:[a-z0-9-]+\.)+[a-z]{2,}$/i.test(tenant)
      ? []
      : [`tenant must be a tenant's ID or domain, got "${tenant}"`]),
    ...roleNames(roles).flatMap(roleProblem),
    ...identities,
  ];
  return problems.map((problem) => `line ${number}: ${problem}`);
}

/** Roles stand in one cell, with | between them. */
function roleNames(cell: string | undefined): readonly string[] {
  return (cell ?? "")
    .split("|")
    .map((name) => name.trim())
    .filter(Boolean);
}

function roleProblem(name: string): readonly string[] {
  const names = appOnlyRoles.map(({ displayName }) => displayName);
  if (names.includes(name) || appOnlyRoles.some(({ templateId }) => templateId === name)) return [];
  const near = nearest(name, names);
  const hint =
    near.length > 0 ? `Did you mean ${near.join(" or ")}?` : `Exchange accepts ${names.join(", ")}`;
  return [`there is no role "${name}". ${hint}`];
}

function invalid(file: string, problems: readonly string[]): Failure {
  return new Failure(
    "EXO_AUTH_FILE",
    `The list "${file}" cannot be used. Nothing was changed.\n${problems.map((problem) => `- ${problem}`).join("\n")}`,
    { reason: "configuration" },
  );
}
