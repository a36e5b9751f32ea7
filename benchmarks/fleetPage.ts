import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

import type { Browser } from "playwright-core";
import * as v from "valibot";

import { fleetHtml } from "../cli/fleet/formats.ts";
import { fleetSummary } from "../operations/fleet/fleetSummary.ts";
import { noBrowser, openBrowser } from "../tests/cli/fleet/browser.ts";
import { cleanSection, sampleDocument, sampleTime } from "../tests/cli/fleetSample.ts";
import { sampleFinding } from "../tests/cli/findings/sampleReport.ts";
import type { Row } from "./benchmark.ts";
import { median } from "./measure.ts";

/** How many tenants the page shows, and how often it is opened. */
const counts = { shown: 1000, openings: 5 } as const;

/** How large the page of a thousand tenants is, a tenth of them with findings, and how fast Chromium shows it. */
export async function pageRows(): Promise<readonly Row[]> {
  if (noBrowser !== undefined) throw new Error(noBrowser);
  const found = { audit: [{ ...cleanSection, findings: [sampleFinding(), sampleFinding()] }] };
  const documents = Array.from({ length: counts.shown }, (_, index) =>
    sampleDocument(`tenant-${index}`, index % 10 === 0 ? found : {}),
  );
  const html = await fleetHtml(fleetSummary(documents, [], sampleTime));
  const folder = mkdtempSync(path.join(tmpdir(), "exchange-auth-bench-"));
  const file = path.join(folder, "fleet.html");
  writeFileSync(file, html);
  const browser = await openBrowser();
  try {
    const times: number[] = [];
    for (let round = 0; round < counts.openings; round++) times.push(await shownAfter(browser, file));
    return [
      {
        figure: `the page of ${counts.shown} tenants`,
        value: Buffer.byteLength(html) / 1e6,
        unit: "MB",
        atMost: 2,
      },
      { figure: "until Chromium shows it", value: median(times), unit: "ms", atMost: 1000 },
    ];
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
}

/**
 * How long a browser takes from the address to a page that is shown and can be used: its script has run, and the browser has
 * painted. By the page's own clock, as Playwright takes its time to look.
 */
async function shownAfter(browser: Browser, file: string): Promise<number> {
  const page = await browser.newPage();
  await page.addInitScript(
    "window.shown = new Promise((shown) => addEventListener('DOMContentLoaded', () => requestAnimationFrame(() => requestAnimationFrame(() => shown(performance.now())))))",
  );
  await page.goto(pathToFileURL(file).href);
  const ms = v.parse(v.number(), await page.evaluate("window.shown"));
  const isUsable = await page.locator("#page-controls").isVisible();
  await page.close();
  if (!isUsable) throw new Error("The page's script has not run.");
  return ms;
}
