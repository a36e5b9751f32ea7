import { setTimeout } from "node:timers/promises";

import * as pulumi from "@pulumi/pulumi";
import { beforeEach, expect, test, vi } from "vitest";

import { childTypes } from "../../common/typeTokens.ts";
import { retryHooks } from "../../components/retryHooks.ts";

type Retry = (failure: pulumi.ErrorHookArgs) => Promise<boolean>;

const engine = vi.hoisted(() => ({ monitor: undefined as object | undefined }));

vi.mock("node:timers/promises", () => ({ setTimeout: vi.fn<() => Promise<void>>() }));
vi.mock("@pulumi/pulumi", () => ({
  runtime: { getMonitor: () => engine.monitor },
  log: { info: vi.fn<() => void>(), warn: vi.fn<() => void>(), error: vi.fn<() => void>() },
  ErrorHook: class {
    readonly name: string;
    readonly callback: Retry;
    constructor(name: string, callback: Retry) {
      this.name = name;
      this.callback = callback;
    }
  },
  DependencyResource: class {
    readonly urn: string;
    constructor(urn: string) {
      this.urn = urn;
    }
  },
}));

beforeEach(() => {
  vi.clearAllMocks();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
});

const takesHooks = () => ({ registerErrorHook: () => undefined });

test("no hooks without an engine, nor on an engine that takes none", () => {
  engine.monitor = undefined;
  expect(retryHooks()).toBeUndefined();
  engine.monitor = {};
  expect(retryHooks()).toBeUndefined();
});

test("one hook for each program, whatever the number of its resources", () => {
  engine.monitor = takesHooks();
  const first = retryHooks()?.onError?.[0];
  expect(first).toMatchObject({ name: "exchange-auth:retry" });
  expect(retryHooks()?.onError).toEqual([first]);
  expect(retryHooks()?.onError?.[0]).toBe(first);
  // In a plugin, where one engine may be behind several monitors, it takes a name once.
  engine.monitor = takesHooks();
  expect(retryHooks()?.onError?.[0]).toMatchObject({ name: "exchange-auth:retry-2" });
});

async function retry(error: string): Promise<boolean> {
  engine.monitor = takesHooks();
  const hook = retryHooks()?.onError?.[0];
  if (typeof hook !== "object") throw new Error("There is no hook.");
  return hook.callback({
    urn: "urn:pulumi:s::p::t::exchange",
    id: "",
    name: "exchange",
    type: childTypes.servicePrincipal,
    failedOperation: "create",
    errors: [error],
  });
}

test("waits, then tries again, and says so of the resource", async () => {
  await expect(retry("HTTP response was nil; connection may have been reset")).resolves.toBe(true);
  const resource = { urn: "urn:pulumi:s::p::t::exchange" };
  expect(vi.mocked(pulumi.log.info).mock.calls).toEqual([
    ["Entra did not accept exchange yet. Trying again in 0.5 s", resource, undefined, true],
  ]);
  expect(vi.mocked(pulumi.log.warn).mock.calls).toEqual([
    [expect.stringContaining("is adopted now"), resource, undefined, false],
  ]);
  expect(vi.mocked(setTimeout).mock.calls).toEqual([[500]]);
});

test("lets the failure stand at once, with what it means", async () => {
  await expect(retry("403 Authorization_RequestDenied")).resolves.toBe(false);
  expect(vi.mocked(pulumi.log.error).mock.calls).toEqual([
    [
      expect.stringContaining("the deploying identity may not write"),
      { urn: "urn:pulumi:s::p::t::exchange" },
      undefined,
      false,
    ],
  ]);
  expect(setTimeout).not.toHaveBeenCalled();
});
