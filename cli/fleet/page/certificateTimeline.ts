import { timeInWords } from "../../../common/time.ts";
import type { FleetTenant } from "../../../operations/fleet/fleetTenant.ts";
import type { ComponentStatus, GenerationStatus } from "../../../operations/status.ts";
import { cellText } from "../../findings/cell.ts";
import { type Markup, markup, tableHead, tableSection } from "./markup.ts";
import { stackLink } from "./tenantTable.ts";

interface Line {
  readonly stack: string;
  readonly component: ComponentStatus;
  readonly current: GenerationStatus;
}

/** Where the page's time begins and ends, in milliseconds. */
interface Span {
  readonly begin: number;
  readonly end: number;
}

/** All certificates in time: each generation a bar, today a line; the first to end comes first. */
export function certificateTimeline(tenants: readonly FleetTenant[], now: Date): Markup | undefined {
  const lines = tenants.flatMap(({ stack, components }) =>
    components.flatMap((component): readonly Line[] => {
      const current = component.generations.find((one) => one.current);
      return current === undefined ? [] : [{ stack, component, current }];
    }),
  );
  if (lines.length === 0) return undefined;
  const generations = lines.flatMap(({ component }) => component.generations);
  const span = {
    begin: earliest([now.getTime(), ...generations.map(({ notBefore }) => Date.parse(notBefore))]),
    end: -earliest([-now.getTime(), ...generations.map(({ notAfter }) => -Date.parse(notAfter))]),
  };
  const rows = lines
    .toSorted((a, b) => Date.parse(a.current.notAfter) - Date.parse(b.current.notAfter))
    .map((line) => row(line, span, now));
  return tableSection(
    "page-timeline",
    "Certificates",
    markup`<p>From ${timeInWords(span.begin)} to ${timeInWords(span.end)}. The line is ${timeInWords(now)}.</p>`,
    markup`<table id="page-timeline">${tableHead(["stack", "component", "generations", "current until"])}<tbody>${rows}</tbody></table>`,
  );
}

function row({ stack, component, current }: Line, span: Span, now: Date): Markup {
  const bars = component.generations.map((generation) => bar(generation, span, now));
  const today = markup`<path class="today" d="M${place(now.getTime(), span)} 0V12"></path>`;
  const picture = markup`<svg viewBox="0 0 1000 12" preserveAspectRatio="none" aria-hidden="true">${bars}${today}</svg>`;
  return markup`<tr><th scope="row">${stackLink(stack)}</th><td>${cellText(component.component)}</td><td>${picture}</td><td>${cellText(timeInWords(current.notAfter))}</td></tr>\n`;
}

/** The current generation is above the others. */
function bar({ notBefore, notAfter, current }: GenerationStatus, span: Span, now: Date): Markup {
  const from = place(Date.parse(notBefore), span);
  const width = Math.max(1, place(Date.parse(notAfter), span) - from);
  const kind = Date.parse(notAfter) < now.getTime() ? "ended" : "current";
  return markup`<rect class="${current ? kind : "other"}" x="${from}" y="${current ? 0 : 6}" width="${width}" height="6"></rect>`;
}

/** Of a thousand parts of the span. */
function place(time: number, { begin, end }: Span): number {
  return Math.round(((time - begin) / Math.max(1, end - begin)) * 1000);
}

/** As `Math.min`, which takes too many arguments to the stack. */
function earliest(times: readonly number[]): number {
  return times.reduce((least, time) => (time < least ? time : least));
}
