import { severities } from "../../../operations/findings/finding.ts";
import { type FleetTenant, tenantStates } from "../../../operations/fleet/fleetTenant.ts";
import { fleetCells, fleetColumns, stateWords } from "../../views/fleetWords.ts";
import { cellText } from "../../findings/cell.ts";
import { type Markup, markup, tableHead, tableSection } from "./markup.ts";

/** A link to a stack's own section of the page. */
export function stackLink(stack: string): Markup {
  return markup`<a href="#${encodeURIComponent(stack)}">${cellText(stack)}</a>`;
}

/** The table of stacks, with what filters it. Without a script it is the whole table, the worst first. */
export function tenantTable(tenants: readonly FleetTenant[]): Markup {
  const states = tenantStates.filter((state) => tenants.some((tenant) => tenant.state === state));
  const options = states.map((state) => markup`<option value="${state}">${stateWords[state]}</option>`);
  const controls = markup`<div id="page-controls" role="search" hidden>
<label>Filter <input id="page-filter" type="search" autocomplete="off"></label>
<label>State <select id="page-state"><option value="">all</option>${options}</select></label>
<span id="page-count" role="status"></span>
</div>`;
  const head = tableHead(fleetColumns.map((name) => markup`<button type="button">${name}</button>`));
  const table = markup`<table id="page-tenants">${head}<tbody>${tenants.map(row)}</tbody></table>`;
  return tableSection("page-tenants", "Stacks", controls, table);
}

function row(tenant: FleetTenant): Markup {
  const [stack = "", domains, state, findings, ...others] = fleetCells(tenant);
  const rank = tenantStates.indexOf(tenant.state);
  const severity =
    tenant.severity === undefined ? "" : severities.length - severities.indexOf(tenant.severity);
  const cells = [
    markup`<th scope="row">${stackLink(stack)}</th>`,
    markup`<td>${cellText(domains ?? "")}</td>`,
    markup`<td class="state" data-value="${rank}">${state}</td>`,
    markup`<td data-value="${severity}">${findings}</td>`,
    ...others.map((cell) => markup`<td>${cellText(cell)}</td>`),
  ];
  return markup`<tr data-state="${tenant.state}" data-began="${tenant.began}">${cells}</tr>\n`;
}
