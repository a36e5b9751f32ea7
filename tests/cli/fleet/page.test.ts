import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } from "vitest";
import { fleetHtml } from "../../../cli/fleet/formats.ts";
import type { FleetReport } from "../../../operations/fleet/fleetSummary.ts";
import { fleetSummary } from "../../../operations/fleet/fleetSummary.ts";
import { sampleFinding } from "../findings/sampleReport.ts";
import {
  brokenSample,
  cleanSection,
  failedDocument,
  fleetSample,
  sampleComponent,
  sampleDocument,
  sampleTime,
  sampleTimedRole,
} from "../fleetSample.ts";
import { noBrowser, openBrowser } from "./browser.ts";

const secret = {
  ...sampleFinding(),
  title: "Client secret on the application",
  subject: "key 1",
  found: "a secret",
};
const known = { ...secret, stack: "contoso", part: "audit" as const, section: "exchange" };

/** One that has ended, one that the tenant ends sooner than declared, and one that is not granted. */
const timedRoles = [
  { ...sampleTimedRole, role: "Global Reader", endsAt: "2026-11-01T00:00:00Z" },
  sampleTimedRole,
  { role: "Exchange Administrator", until: "2027-01-31T00:00:00Z", daysLeft: 63, held: false },
];

/** Stacks of most states. */
const report: FleetReport = {
  ...fleetSummary(
    [
      sampleDocument("adatum"),
      sampleDocument("contoso", { audit: [{ ...cleanSection, findings: [secret] }] }),
      sampleDocument("fabrikam", {
        components: [{ ...sampleComponent("2026-12-08T00:00:00Z"), timedRoles }],
      }),
      failedDocument("litware"),
      failedDocument("tailspin", { code: "EXO_AUTH_NO_COMPONENT", message: "The stack has no resources." }),
      { ...sampleDocument("wingtip"), began: "2026-11-26T05:00:00Z" },
    ],
    [],
    sampleTime,
  ),
  changes: {
    appeared: [known],
    cameBack: [],
    resolved: [],
    unknown: [],
    gone: [],
    missing: ["northwind"],
    removed: [],
  },
};

test("a page of a thousand stacks is smaller than 2 MB", async () => {
  const documents = Array.from({ length: 1000 }, (_, index) => sampleDocument(`tenant-${index}`));
  const page = await fleetHtml(fleetSummary(documents, [], sampleTime));
  expect(Buffer.byteLength(page)).toBeLessThan(2_000_000);
});

test("nothing of the page is asked for elsewhere, and it carries no key", async () => {
  const page = await fleetHtml({ ...report, broken: [brokenSample] });
  expect(page).toContain(`content="default-src &#39;none&#39;; style-src &#39;sha256-`);
  expect(page).not.toMatch(/\b(src|action|style|on\w+)=|<link|@import|url\(|keyId|key-\d|B2\b/);
  expect(
    [...page.matchAll(/href="([^"]*)"/g)].map(([, link]) => link).filter((link) => !link?.startsWith("#")),
  ).toEqual([]);
});

describe("in a browser", () => {
  let browser: Browser | undefined;
  let folder: string;
  let page: Page;
  let requests: string[];
  let errors: string[];

  beforeAll(async () => {
    if (noBrowser === undefined) browser = await openBrowser();
    folder = mkdtempSync(join(tmpdir(), "exchange-auth-page-"));
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  beforeEach(async ({ skip }) => {
    skip(browser === undefined, noBrowser);
    if (browser === undefined) return;
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    requests = [];
    errors = [];
    page.on("request", (request) => requests.push(request.url()));
    page.on("console", (message) => errors.push(message.text()));
    page.on("pageerror", (error) => errors.push(error.message));
    await page.clock.setFixedTime(sampleTime);
  });

  afterEach(async () => {
    if (browser !== undefined) await page.close();
  });

  async function open(shown: FleetReport, fragment = ""): Promise<void> {
    const file = join(folder, "fleet.html");
    writeFileSync(file, await fleetHtml(shown));
    await page.goto(`${pathToFileURL(file).href}${fragment}`);
  }

  async function stacks(): Promise<readonly string[]> {
    return page.locator("#page-tenants tbody tr:visible th").allTextContents();
  }

  it("shows totals, changes and the stacks, the worst first, and asks for nothing", async () => {
    await open(report);
    expect(await page.title()).toBe("Fleet: 6 stacks");
    expect(await page.locator("#page-totals li").allTextContents()).toEqual([
      "1 not read",
      "1 with findings",
      "1 expiring",
      "1 never deployed",
      "1 older than a day",
      "0 checked in part",
      "1 in order",
    ]);
    expect(await page.locator("#page-changes li").allTextContents()).toEqual([
      "critical: contoso: Client secret on the application (key 1)",
      "stack northwind",
    ]);
    expect(await stacks()).toEqual(["litware", "contoso", "fabrikam", "tailspin", "wingtip", "adatum"]);
    expect(await page.locator("#contoso li b").allTextContents()).toEqual([
      "critical: Client secret on the application",
    ]);
    expect(await timelineOf(page)).toEqual([
      "fabrikam, exchange, role Global Reader, ended, 2026-11-01 00:00 UTC",
      "fabrikam, exchange, certificate, current other, 2026-12-08 00:00 UTC",
      "fabrikam, exchange, role Security Reader, current, 2026-12-08 00:00 UTC",
      "fabrikam, exchange, role Exchange Administrator, which the application does not have, other, 2027-01-31 00:00 UTC",
      "contoso, exchange, certificate, current other, 2027-10-01 00:00 UTC",
      "wingtip, exchange, certificate, current other, 2027-10-01 00:00 UTC",
      "adatum, exchange, certificate, current other, 2027-10-01 00:00 UTC",
    ]);
    expect(requests).toHaveLength(1);
    expect(errors).toEqual([]);
  });

  it("filters by words and by state", async () => {
    await open(report);
    await page.getByLabel("Filter").fill("contoso.onmicrosoft order");
    expect(await stacks()).toEqual(["adatum"]);
    expect(await page.getByRole("status").textContent()).toBe("1 of 6 shown");
    await page.getByLabel("Filter").fill("");
    await page.getByLabel("State").selectOption("not read");
    expect(await stacks()).toEqual(["litware"]);
  });

  it("sorts by keyboard, and what has no value comes last", async () => {
    await open(report);
    await page.getByLabel("State").focus();
    // From the filter: the table's own region, then the buttons of its columns.
    for (let presses = 0; presses < 6; presses += 1) await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("days left");
    await page.keyboard.press("Enter");
    expect(await stacks()).toEqual(["fabrikam", "contoso", "wingtip", "adatum", "litware", "tailspin"]);
    expect(await page.locator("th[aria-sort=ascending]").allTextContents()).toEqual(["days left"]);
    await page.keyboard.press("Enter");
    expect((await stacks()).slice(-3)).toEqual(["fabrikam", "litware", "tailspin"]);
    expect(await page.locator("th[aria-sort=descending]").allTextContents()).toEqual(["days left"]);
    await page.getByRole("button", { name: "findings" }).click();
    expect((await stacks())[0]).toBe("contoso");
  });

  it("shows a thousand stacks, and filters them", async () => {
    const documents = Array.from({ length: 1000 }, (_, index) => sampleDocument(`tenant-${index}`));
    await open(fleetSummary(documents, [], sampleTime));
    expect(await page.locator("#page-tenants tbody tr").count()).toBe(1000);
    expect(await page.locator("#page-timeline tbody tr").count()).toBe(1000);
    await page.getByLabel("Filter").fill("tenant-999");
    expect(await stacks()).toEqual(["tenant-999"]);
    expect(await page.getByRole("status").textContent()).toBe("1 of 1000 shown");
  });

  it("prints what there is to read, without what there is to press", async () => {
    await open(report);
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("#page-controls").isVisible()).toBe(false);
    expect(await stacks()).toHaveLength(6);
    const styles = await page.evaluate(
      "[...document.querySelectorAll('.later, .tenant')].map((one) => getComputedStyle(one).contentVisibility)",
    );
    expect(styles).toEqual(Array.from({ length: 7 }, () => "visible"));
  });

  it("opens at a stack by its name", async () => {
    await open(report, "#fabrikam");
    expect(await page.locator("section:target h3").textContent()).toBe("fabrikam");
    expect(
      await page.locator("section:target").evaluate((element) => element.getBoundingClientRect().top),
    ).toBeLessThan(800);
  });

  it("opens at the last of a thousand stacks, far below what is shown at first", async () => {
    const documents = Array.from({ length: 1000 }, (_, index) => sampleDocument(`tenant-${index}`));
    await open(fleetSummary(documents, [], sampleTime), "#tenant-999");
    const heading = page.locator("section:target h3");
    expect(await heading.textContent()).toBe("tenant-999");
    await expect.poll(() => heading.evaluate((one) => one.getBoundingClientRect().top)).toBeLessThan(800);
    expect(await heading.evaluate((one) => one.getBoundingClientRect().top)).toBeGreaterThanOrEqual(0);
  });

  it("shows nothing as in order once its check is older than a day", async () => {
    await page.clock.setFixedTime(new Date("2026-11-29T05:00:01Z"));
    await open(report);
    expect(await page.locator("#page-tenants td.state").allTextContents()).toEqual([
      "not read",
      "with findings",
      "expiring",
      "never deployed",
      "older than a day",
      "older than a day",
    ]);
    expect(await page.locator("#page-aged").isVisible()).toBe(true);
    expect(await page.locator("[data-state=inOrder] .state:visible").count()).toBe(0);
  });

  it("is the whole report without scripts", async () => {
    page = await page.context().browser()!.newPage({ javaScriptEnabled: false });
    await open(report);
    expect(await stacks()).toEqual(["litware", "contoso", "fabrikam", "tailspin", "wingtip", "adatum"]);
    expect(await page.locator("#page-controls").isVisible()).toBe(false);
  });

  it.each(["light", "dark"] as const)("has no finding of axe-core: %s", async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await open({ ...report, broken: [brokenSample] });
    await page.evaluate(axe.source);
    const violations = await page.evaluate<readonly { readonly id: string; readonly nodes: unknown }[]>(
      "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) })))",
    );
    expect(violations).toEqual([]);
  });

  it.each([
    `<img src=x onerror="document.title='ran'">`,
    `</script><script>document.title='ran'</script>`,
    `</style><script>document.title='ran'</script>`,
    `" onfocus="document.title='ran'" autofocus x="`,
    `' onmouseover='document.title="ran"`,
    `javascript:document.title='ran'`,
    `<!--<script>`,
    "`${document.title='ran'}`",
  ])("runs nothing of a name: %s", async (name) => {
    const hostile = (value: unknown): unknown => {
      if (typeof value === "string") return /^\d{4}-/.test(value) ? value : name;
      if (Array.isArray(value)) return value.map(hostile);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [
          key,
          ["state", "severity", "part"].includes(key) ? inner : hostile(inner),
        ]),
      );
    };
    const shown = { ...report, ...fleetSummary([fleetSample], [brokenSample], sampleTime) };
    await open({ ...(hostile(shown) as FleetReport), totals: shown.totals });
    expect(await page.title()).toBe("Fleet: 1 stack");
    expect(await page.locator("script").count()).toBe(1);
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.locator("#page-tenants tbody th").textContent()).toBe(name);
    for (const link of await page.locator("a").all()) expect(await link.getAttribute("href")).toMatch(/^#/);
    expect(requests).toHaveLength(1);
    expect(errors).toEqual([]);
  });

  it("looks as docs/fleet.md shows it", async () => {
    await open(report);
    const image = await page.screenshot({ clip: { x: 0, y: 0, width: 1280, height: 720 } });
    if (process.env["UPDATE_SCREENSHOT"]) writeFileSync("docs/fleet.png", image);
    // Fonts differ between machines: only the sizes can be compared.
    expect(sizeOf(image)).toEqual([1280, 720]);
    expect(sizeOf(readFileSync("docs/fleet.png"))).toEqual([1280, 720]);
  });
});

/** The cells of each row, a bar by its class. */
async function timelineOf(page: Page): Promise<readonly string[]> {
  const rows = await page.locator("#page-timeline tbody tr").all();
  return Promise.all(
    rows.map(async (row) => {
      const [stack, component, what, , until] = await row.locator("th, td").allTextContents();
      const bars = await row.locator("rect").all();
      const classes = await Promise.all(bars.map((bar) => bar.getAttribute("class")));
      return [stack, component, what, classes.join(" "), until].join(", ");
    }),
  );
}

/** Width and height, as a PNG's header has them. */
function sizeOf(png: Buffer): readonly number[] {
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}
