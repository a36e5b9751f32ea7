import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { shareTenant, type SharedTenant } from "../../../sandbox/commands/sharedTenant.ts";

let folder: string;
let running: string;
let events: string[];
let ends: (() => Promise<void>)[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "shared-"));
  running = join(folder, "running.json");
  events = [];
  ends = [];
});

afterEach(async () => {
  for (const end of ends) await end();
  rmSync(folder, { recursive: true, force: true });
});

async function share(name: string): Promise<SharedTenant> {
  const tenant = await shareTenant({
    running,
    start: async () => {
      events.push(`${name} starts`);
      return {
        url: `https://${name}`,
        certificateAuthorityPem: `authority of ${name}`,
        close: async () => void events.push(`${name} closes`),
      };
    },
    onWait: () => events.push(`${name} waits`),
  });
  ends.push(() => tenant.release());
  return tenant;
}

test("the second command joins the tenant of the first, which outlives the second", async () => {
  const first = await share("first");
  const second = await share("second");

  expect(second).toMatchObject({ url: "https://first", certificateAuthorityPem: "authority of first" });
  const ended = first.release();
  expect(events).toEqual(["first starts", "first waits"]);
  expect(await share("third")).toMatchObject({ url: "https://first" });
  for (const end of ends.splice(0).slice(1)) await end();
  await ended;
  expect(events).toEqual(["first starts", "first waits", "first closes"]);
  expect(readdirSync(folder)).toEqual([]);
});

test("the next command starts a tenant of its own after the first has ended", async () => {
  await (await share("first")).release();
  ends = [];

  expect((await share("next")).url).toBe("https://next");
  expect(events).toEqual(["first starts", "first closes", "next starts"]);
});

test("of two that start at once, one wins and the other joins it", async () => {
  const [one, other] = await Promise.all([share("one"), share("other")]);

  expect(one.url).toBe(other.url);
  expect(events.filter((event) => event.endsWith("closes"))).toHaveLength(1);
  // The one that joined goes first.
  if (one.url === "https://one") ends.reverse();
});

test.for([
  "",
  "{",
  JSON.stringify({ url: "https://killed", certificateAuthorityPem: "", port: 1, key: "k" }),
])("what a killed command left behind is no tenant: %s", async (left) => {
  writeFileSync(running, left);

  expect((await share("new")).url).toBe("https://new");
  expect(existsSync(running)).toBe(true);
});

test("another program on the port is not taken for the tenant", async () => {
  const stranger: Server = createServer((socket) => void socket.end("220 smtp ready"));
  await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
  ends.push(async () => void stranger.close());
  const { port } = stranger.address() as AddressInfo;
  writeFileSync(running, JSON.stringify({ url: "https://old", certificateAuthorityPem: "", port, key: "k" }));

  expect((await share("new")).url).toBe("https://new");
});
