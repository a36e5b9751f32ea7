import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = places.find((place) => existsSync(place));

/** Why no page can be tested here; undefined where it can. */
export const noBrowser =
  executablePath === undefined
    ? "this machine has no Chromium. On Debian: apt-get install chromium"
    : undefined;

/** Starts Chromium. */
export async function openBrowser(): Promise<Browser> {
  // Chromium refuses root with its own sandbox.
  const chromiumSandbox = process.getuid?.() !== 0;
  return chromium.launch({ ...(executablePath !== undefined && { executablePath }), chromiumSandbox });
}
