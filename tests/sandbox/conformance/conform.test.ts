import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { expect, onTestFinished, test, vi } from "vitest";
import { conform, type ConformanceSurroundings } from "../../../sandbox/conformance/conform.ts";
import { Report } from "../../../sandbox/conformance/report.ts";
import type { SandboxTarget } from "../../../sandbox/conformance/sandboxTarget.ts";
import { makeCertificateAuthority } from "../../../sandbox/tenant/certificateAuthority.ts";
import { trustInThisProcess } from "../../../sandbox/workspace/trust.ts";
import { fabrikam, inventory, startTarget } from "./runs.ts";

// A run of every case takes seconds, and many where the machine has other work.
vi.setConfig({ testTimeout: 120_000 });

const tenantId = fabrikam.tenantId ?? "";
const yes = ["--tenant", tenantId, "--yes"];

test("a run says what it does, compares, deletes everything for good, and leaves a report", async () => {
  const { said, printed, surroundings, files } = await surroundingsOf();
  expect(await conform([...yes, "--policies"], surroundings)).toBe(0);
  expect(said[0]).toContain(`cases in the tenant ${tenantId}`);
  expect(said.filter((text) => text === "Nothing is left.")).toHaveLength(1);
  expect(printed[0]).toMatch(
    /^Conformance on \d{4}-\d\d-\d\d, exchange-auth .+ not of Microsoft's\.\n\n\d+ cases the same, \d+ cases not asked for, 1 case not for this kind of tenant\.\n$/,
  );
  const [file = ""] = files();
  expect(files()).toEqual([expect.stringMatching(/^report-\d{4}-\d\d-\d\d\.json$/)]);
  const report = v.parse(Report, JSON.parse(readFileSync(join(surroundings.folder, file), "utf8")));
  expect(report).toMatchObject({
    schemaVersion: 1,
    server: "other",
    readsOnly: false,
    options: ["policies"],
    left: 0,
  });
  expect(report.cases.find(({ id }) => id === "trustedAuthorityCode")?.outcome).toBe("same");
  expect(report.cases.find(({ id }) => id === "conditionalAccessBlock")?.outcome).toBe("notAsked");
});

test("reading only sends nothing but questions", async () => {
  const { surroundings, tenant, said } = await surroundingsOf();
  expect(await conform([...yes, "--read-only"], surroundings)).toBe(0);
  const methods = graphRequests(tenant).map(({ method }) => method);
  expect(new Set(methods)).toEqual(new Set(["GET"]));
  expect(methods.length).toBeGreaterThan(30);
  expect(said.some((text) => text.includes("creates nothing"))).toBe(true);
});

test("somebody who says no changes nothing, and each option has a question of its own", async () => {
  const { surroundings, tenant } = await surroundingsOf();
  const questions: string[] = [];
  const answering = (answers: readonly boolean[]) => async (question: string) => {
    questions.push(question);
    return answers[questions.length - 1] ?? false;
  };
  const args = ["--tenant", tenantId, "--directory-role", "--policies"];
  expect(await conform(args, { ...surroundings, ask: answering([false]) })).toBe(0);
  expect(graphRequests(tenant)).toEqual([]);
  questions.length = 0;
  expect(await conform(args, { ...surroundings, ask: answering([true, false, true]) })).toBe(0);
  expect(questions).toEqual([
    `Do this in ${tenantId}?`,
    "--directory-role: it also assigns directory roles to applications and groups that the run creates. Do this?",
    "--policies: it also creates application management policies, for applications that the run creates and for nothing else. Do this?",
  ]);
  const paths = tenant.server.requests.filter(({ method }) => method === "POST").map(({ path }) => path);
  expect(paths.filter((path) => path.includes("roleManagement"))).toEqual([]);
  expect(paths.filter((path) => path.includes("appManagementPolicies"))).not.toEqual([]);
  await expect(conform(["--tenant", tenantId], surroundings)).rejects.toThrow(
    "Nobody can be asked here. Run this in a terminal, or add --yes to agree to all of it.",
  );
});

test("another tenant than the one that was typed is refused before anything", async () => {
  const { surroundings, tenant } = await surroundingsOf();
  const other = "11111111-2222-4333-8444-555555555555";
  await expect(conform(["--tenant", other, "--yes"], surroundings)).rejects.toThrow(
    `--tenant must be the tenant that you are signed in to, got ${other}, and the sign-in is for ${tenantId}. Run az login --tenant ${other}, or set ARM_TENANT_ID.`,
  );
  expect(graphRequests(tenant)).toEqual([]);
});

test("Ctrl-C ends the run after the request under way, and cleans up", async () => {
  const interrupted = new AbortController();
  const { surroundings, said, files, printed } = await surroundingsOf();
  const say = (text: string): void => {
    surroundings.say(text);
    if (text.endsWith(": applicationLife")) interrupted.abort();
  };
  expect(await conform(yes, { ...surroundings, say, signal: interrupted.signal })).toBe(0);
  expect(said.at(-2)).toBe("Nothing is left.");
  expect(printed[0]).toContain(" not reached");
  expect(files()).toHaveLength(1);
});

test("what a kill leaves is refused by the next run, and cleaned up", async () => {
  const { surroundings, tenant, files, said } = await surroundingsOf();
  const before = await surroundings.inventory();
  tenant.server.faults.refuse({ method: "DELETE" }, { status: 403 });
  await expect(conform(yes, { ...surroundings, say: dieAtApplicationLife })).rejects.toThrow("killed");
  tenant.server.faults.clear();
  expect(files()).toEqual([`${tenantId}.jsonl`]);
  await expect(conform(yes, surroundings)).rejects.toThrow(
    `Objects of an earlier run are left in this tenant. Run npm run conformance -- --tenant ${tenantId} --clean-up, then run this again.`,
  );
  expect(await surroundings.inventory()).not.toEqual(before);
  expect(await conform(["--tenant", tenantId, "--clean-up"], surroundings)).toBe(0);
  expect(said).toEqual(["Nothing is left."]);
  expect(await surroundings.inventory()).toEqual(before);
  expect(files()).toEqual([]);
});

test("a report is merged into those that are checked in", async () => {
  const { surroundings, files } = await surroundingsOf();
  await conform([...yes, "--read-only"], surroundings);
  const [name = ""] = files();
  const [report, results] = [join(surroundings.folder, name), join(surroundings.folder, "results.json")];
  writeFileSync(results, '{"reports":[]}');
  expect(await conform(["--merge", report], { ...surroundings, results })).toBe(0);
  expect(JSON.parse(readFileSync(results, "utf8"))).toEqual({
    reports: [JSON.parse(readFileSync(report, "utf8"))],
  });
});

test("another server's differences are reported, whatever it answers", async () => {
  const { surroundings, printed, said } = await surroundingsOf();
  // It is not certain that nothing is left there.
  expect(await conform([...yes, "--endpoint", await strangeServer()], { ...surroundings, env: {} })).toBe(1);
  expect(said.some((text) => text.startsWith("This is left."))).toBe(true);
  expect(printed[0]).toContain("not of Microsoft's");
  expect(printed[0]).toMatch(/\d+ cases different/);
});

test.each([
  [
    ["--tenant", "contoso.onmicrosoft.com"],
    '--tenant must be the ID of the tenant, a GUID, got "contoso.onmicrosoft.com".',
  ],
  [[], '--tenant must be the ID of the tenant, a GUID, got "".'],
  [
    [...yes, "--read-only", "--policies", "now"],
    '"now" must not be there.\n--read-only creates nothing, so --policies cannot be with it.',
  ],
  [
    [...yes, "--endpoint", "http://a"],
    '--endpoint must be an address that begins with https://, got "http://a".',
  ],
  [
    ["--fast"],
    "Unknown option '--fast'. Use --tenant, --read-only, --directory-role, --policies, --conditional-access, --deployment, --yes, --clean-up, --endpoint or --merge.",
  ],
])("%j is refused", async (args, message) => {
  const { surroundings } = await surroundingsOf();
  await expect(conform(args, surroundings)).rejects.toThrow(message);
});

interface TestSurroundings {
  readonly tenant: SandboxTarget;
  readonly said: string[];
  readonly printed: string[];
  readonly surroundings: ConformanceSurroundings & { readonly inventory: () => Promise<unknown> };
  readonly files: () => readonly string[];
}

/** A tenant that the environment leads to, and a folder. */
async function surroundingsOf(): Promise<TestSurroundings> {
  const tenant = await startTarget();
  const folder = mkdtempSync(join(tmpdir(), "conformance-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [said, printed]: [string[], string[]] = [[], []];
  const [seed] = tenant.server.seeds;
  const env = {
    ARM_METADATA_HOSTNAME: new URL(tenant.server.url).host,
    ARM_TENANT_ID: seed?.tenantId,
    ARM_CLIENT_ID: seed?.deployer.clientId,
    ARM_CLIENT_SECRET: seed?.deployer.clientSecret,
  };
  return {
    tenant,
    said,
    printed,
    files: () => (existsSync(folder) ? readdirSync(folder) : []),
    surroundings: {
      env,
      folder,
      inventory: () => inventory(tenant.target),
      print: (text) => printed.push(text),
      say: (text) => said.push(text),
      ask: undefined,
      sending: { perSecond: 10_000, retryDelayMs: 1 },
      pause: async () => undefined,
    },
  };
}

function dieAtApplicationLife(text: string): void {
  if (text.endsWith(": applicationLife")) throw new Error("killed");
}

function graphRequests({ server }: SandboxTarget): readonly { readonly method: string }[] {
  return server.requests.filter(({ path }) => /^\/(?:v1\.0|beta)\//.test(path));
}

/** A server that answers what nobody expects: pages, JSON of other forms, and nothing. */
async function strangeServer(): Promise<string> {
  const { serverKeyPem: key, serverCertificatePem: cert, certificatePem } = await makeCertificateAuthority();
  trustInThisProcess(certificatePem);
  let count = 0;
  const server = createServer({ key, cert }, (request, response) => {
    count += 1;
    if (count % 4 === 0) {
      request.socket.destroy();
      return;
    }
    const [status, body] = (
      [
        [200, "<html>"],
        [200, '{"value":[1,[2],{"id":null}]}'],
        [404, '"no"'],
      ] as const
    )[count % 3] ?? [500, ""];
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `https://localhost:${typeof address === "object" ? address?.port : 0}`;
}
