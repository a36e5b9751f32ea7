import { timeInWords } from "../../../common/time.ts";
import type { FleetTenant } from "../../../operations/fleet/fleetTenant.ts";
import type { ComponentStatus, GenerationStatus } from "../../../operations/status.ts";
import { firstEnd, type TimedRoleStatus } from "../../../operations/timedRoles/timedRoleStatus.ts";
import { cellText } from "../../findings/cell.ts";
import { type Markup, markup, tableHead, tableSection } from "./markup.ts";
import { stackLink } from "./tenantTable.ts";

/** What ends of a component: its certificates together, or one role. Times are in milliseconds since 1970. */
interface Line {
  readonly stack: string;
  readonly component: string;
  readonly what: string;
  readonly bars: readonly Bar[];
  readonly end: number;
}

/** How long something holds. */
interface Bar {
  readonly from: number;
  readonly to: number;
  /** Whether it holds, has ended, or is beside what counts. */
  readonly kind: "current" | "ended" | "other";
}

/** Where the page's time begins and ends. */
interface Span {
  readonly begin: number;
  readonly end: number;
}

/** All certificates, each generation a bar, and all roles with an end in time; today is a line. The first to end comes first. */
export function timeline(tenants: readonly FleetTenant[], now: Date): Markup | undefined {
  const lines = tenants.flatMap(({ stack, components }) =>
    components.flatMap((component) => linesOf(stack, component, now.getTime())),
  );
  if (lines.length === 0) return undefined;
  const bars = lines.flatMap((line) => line.bars);
  const span = {
    begin: earliest([now.getTime(), ...bars.map(({ from }) => from)]),
    end: -earliest([-now.getTime(), ...bars.map(({ to }) => -to)]),
  };
  const rows = lines.toSorted((a, b) => a.end - b.end).map((line) => row(line, span, now));
  return tableSection(
    "page-timeline",
    "Certificates, and roles with an end",
    markup`<p>From ${timeInWords(span.begin)} to ${timeInWords(span.end)}. The line is ${timeInWords(now)}. When a role began is not known.</p>`,
    markup`<table id="page-timeline">${tableHead(["stack", "component", "what ends", "in time", "until"])}<tbody>${rows}</tbody></table>`,
  );
}

function linesOf(
  stack: string,
  { component, generations, timedRoles = [] }: ComponentStatus,
  now: number,
): readonly Line[] {
  const current = generations.find((one) => one.current);
  const certificates = {
    what: "certificate",
    bars: generations.map((generation) => certificateBar(generation, now)),
    end: Date.parse(current?.notAfter ?? ""),
  };
  return [
    ...(current === undefined ? [] : [certificates]),
    ...timedRoles.map((role) => roleLine(role, now)),
  ].map((line) => ({ stack, component, ...line }));
}

function certificateBar({ notBefore, notAfter, current }: GenerationStatus, now: number): Bar {
  const [from, to] = [Date.parse(notBefore), Date.parse(notAfter)];
  return { from, to, kind: current ? kindOf(to, now) : "other" };
}

/** From now to its end, or since then. */
function roleLine(timed: TimedRoleStatus, now: number): Omit<Line, "stack" | "component"> {
  const end = firstEnd({ timedRoles: [timed] });
  const isMissing = timed.held === false && end >= now;
  const kind = isMissing ? "other" : kindOf(end, now);
  return {
    what: `role ${timed.role}${isMissing ? ", which the application does not have" : ""}`,
    bars: [{ from: Math.min(now, end), to: Math.max(now, end), kind }],
    end,
  };
}

function kindOf(end: number, now: number): Bar["kind"] {
  return end < now ? "ended" : "current";
}

function row({ stack, component, what, bars, end }: Line, span: Span, now: Date): Markup {
  const today = markup`<path class="today" d="M${place(now.getTime(), span)} 0V12"></path>`;
  const picture = markup`<svg viewBox="0 0 1000 12" preserveAspectRatio="none" aria-hidden="true">${bars.map((one) => rectangle(one, span))}${today}</svg>`;
  return markup`<tr><th scope="row">${stackLink(stack)}</th><td>${cellText(component)}</td><td>${cellText(what)}</td><td>${picture}</td><td>${cellText(timeInWords(end))}</td></tr>\n`;
}

/** What counts is above the others. */
function rectangle({ from, to, kind }: Bar, span: Span): Markup {
  const begin = place(from, span);
  const width = Math.max(1, place(to, span) - begin);
  return markup`<rect class="${kind}" x="${begin}" y="${kind === "other" ? 6 : 0}" width="${width}" height="6"></rect>`;
}

/** Of a thousand parts of the span. */
function place(time: number, { begin, end }: Span): number {
  return Math.round(((time - begin) / Math.max(1, end - begin)) * 1000);
}

/** As `Math.min`, which takes too many arguments to the stack. */
function earliest(times: readonly number[]): number {
  return times.reduce((least, time) => (time < least ? time : least));
}
