import { afterEach, beforeEach, expect, test, vi } from "vitest";

const { version } = process;

beforeEach(() => {
  vi.resetModules();
});
afterEach(() => {
  Object.defineProperty(process, "version", { value: version });
});

test("an older Node is refused when the package is imported, and this one is not", async () => {
  await expect(import("../../components/supportedNode.ts")).resolves.toBeDefined();
  vi.resetModules();
  Object.defineProperty(process, "version", { value: "v22.11.0" });
  await expect(import("../../components/supportedNode.ts")).rejects.toMatchObject({
    name: "Error",
    message: "exchange-auth needs Node 22.12 or newer, but this is v22.11.0.",
  });
});
