import { createHash } from "node:crypto";
import { counted } from "../../../common/counted.ts";
import { timeInWords } from "../../../common/time.ts";
import type { BrokenDocument } from "../../../operations/fleet/fleetFolder.ts";
import type { FleetReport } from "../../../operations/fleet/fleetSummary.ts";
import { tenantStates } from "../../../operations/fleet/fleetTenant.ts";
import { changeGroups, stateWords } from "../../views/fleetWords.ts";
import { behaviour } from "./behaviour.ts";
import { timeline } from "./timeline.ts";
import { Markup, markup } from "./markup.ts";
import { style } from "./style.ts";
import { tenantSection } from "./tenantSection.ts";
import { tenantTable } from "./tenantTable.ts";

/** A fleet as one HTML page: it asks nobody for anything, and nothing runs in it but its own script. */
export function fleetPage(report: FleetReport): string {
  const { made, tenants, broken } = report;
  const title = `Fleet: ${counted(tenants.length, "stack")}`;
  const script = `(${String(behaviour)})(document, Date.now());`;
  const policy = [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    `script-src ${hashOf(script)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p>Made ${timeInWords(made)} by <code>exo-auth fleet report</code>.</p>
<p class="note" id="page-aged" hidden>Some checks became older than a day after this page was made.</p>
${totalsList(report)}
</header>
<main>
${changesList(report)}${brokenList(broken)}${tenantTable(tenants)}
<div class="later">
${timeline(tenants, new Date(made))}
</div>
<h2>Each stack</h2>
${tenants.map(tenantSection)}</main>
<script>${new Markup(script)}</script>
</body>
</html>
`.text;
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

function totalsList({ totals }: FleetReport): Markup {
  const items = tenantStates.map((state) => {
    const isSome = totals[state] > 0;
    return markup`<li data-state="${isSome ? state : ""}"><b>${totals[state]}</b> <span class="state">${stateWords[state]}</span></li>`;
  });
  return markup`<ul id="page-totals">${items}</ul>`;
}

function brokenList(broken: readonly BrokenDocument[]): Markup | undefined {
  if (broken.length === 0) return undefined;
  const lines = broken.map(({ file, reason }) => `${file}: ${reason}`);
  return markup`<section id="page-broken"><h2>Files that could not be read</h2>${list(lines)}</section>\n`;
}

function changesList({ changes }: FleetReport): Markup | undefined {
  if (changes === undefined) return undefined;
  const groups = changeGroups(changes).filter(({ lines }) => lines.length > 0);
  const content =
    groups.length === 0
      ? markup`<p>Nothing has changed.</p>`
      : groups.map(({ title, lines }) => markup`<h3>${title}</h3>${list(lines)}`);
  return markup`<section id="page-changes"><h2>Since the last report</h2>${content}</section>\n`;
}

function list(lines: readonly string[]): Markup {
  return markup`<ul>${lines.map((line) => markup`<li>${line}</li>`)}</ul>`;
}
