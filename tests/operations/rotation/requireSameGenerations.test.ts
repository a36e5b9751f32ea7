import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rotate } from "../../../operations/rotation/rotate.ts";
import type { TenantAccess } from "../../../operations/tenant/tenantAccess.ts";
import { makeCliFolder } from "../../cli/cliProcess.ts";
import { exportedComponent, type ExportedResource, exportOf } from "../../stack/exportedState.ts";

const usable: TenantAccess = {
  graph: {
    read: async (wanted) => wanted.finish({ id: "x", isDisabled: false }, async () => undefined),
    batch: () => Promise.reject(new Error("not asked for")),
  },
  application: {
    keyCredentials: async () => [],
    replaceKeyCredentials: async () => undefined,
    setDisabled: async () => undefined,
  },
};
const both = exportedComponent("s", "p", "exchange");
/** Its only generation is 2. */
const one = both.filter(({ outputs }) => outputs["generation"] !== "1");
const settings = "config:\n  p:certificate:\n    generations:\n      - name: '2'\n";

/** A step that adds generation 3, while the state is another one each time that it is asked for. */
async function add(...states: readonly (readonly ExportedResource[])[]) {
  const { path, env } = makeCliFolder();
  writeFileSync(
    join(path, "Pulumi.yaml"),
    "name: p\nruntime: nodejs\nconfig:\n  certificate:\n    type: object\n",
  );
  writeFileSync(join(path, "Pulumi.s.yaml"), settings);
  for (const [index, state] of states.entries())
    writeFileSync(join(path, `state${index}`), JSON.stringify(exportOf(state)));
  const config = { "p:certificate": { objectValue: { generations: [{ name: "2" }] } } };
  writeFileSync(join(path, "config"), JSON.stringify(config));
  const script = [
    "#!/bin/sh",
    `cd ${path}`,
    'echo "$1 $2" >> calls',
    'case "$1 $2" in',
    '  "stack export") n=$(grep -c "stack export" calls); cat state$((n - 1)) ;;',
    '  "stack history") echo "[]" ;;',
    '  "config "*) cat config ;;',
    "  *) exit 1 ;;",
    "esac",
  ].join("\n");
  writeFileSync(join(path, "bin", "pulumi"), `${script}\n`);
  chmodSync(join(path, "bin", "pulumi"), 0o755);
  const failure = await rotate({
    cwd: path,
    env,
    signal: new AbortController().signal,
    progress: () => undefined,
    waitMs: 0,
    dryRun: false,
    noUp: false,
    overlapMs: 90 * 60_000,
    now: () => new Date("2027-09-20T00:00:00Z"),
    tenant: usable,
  }).catch((error: unknown) => error);
  return {
    failure,
    calls: readFileSync(join(path, "calls"), "utf8").split("\n"),
    settings: readFileSync(join(path, "Pulumi.s.yaml"), "utf8"),
  };
}

test("a step is taken where the state is still what it was decided on", async () => {
  const { calls } = await add(one, one);
  expect(calls.some((call) => call.startsWith("up "))).toBe(true);
});

const changed = (outputs: Readonly<Record<string, unknown>>) =>
  one.map((resource) =>
    resource.outputs["generation"] === "2"
      ? { ...resource, outputs: { ...resource.outputs, ...outputs } }
      : resource,
  );

test.each<[string, readonly ExportedResource[], string]>([
  ["added one", both, "2 became 2, 1"],
  ["gave the name to another key", changed({ keyId: "another" }), "2 became 2"],
  ["gave the name to another certificate", changed({ certificateThumbprintSha256: "C3" }), "2 became 2"],
  [
    "made another one the current one",
    both.map((resource) =>
      resource.type.endsWith("ExchangeAppOnlyAuth")
        ? { ...resource, outputs: { ...resource.outputs, thumbprint: "A1" } }
        : resource,
    ),
    "2 became 1, 2",
  ],
])("no step is taken where another update %s meanwhile", async (_what, meanwhile, told) => {
  const { failure, calls, settings: left } = await add(one, meanwhile);
  expect(failure).toMatchObject({
    code: "EXO_AUTH_OUTDATED",
    message: `Another update changed the certificates of component "exchange" while this command ran: generations ${told}. Nothing was changed. Get the newest configuration (\`git pull\`), and run this again.`,
  });
  expect(calls.filter((call) => call.startsWith("up "))).toEqual([]);
  expect(left).toBe(settings);
});
