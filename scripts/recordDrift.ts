/**
 * Writes what `pulumi refresh --preview-only --json` prints after each change of tests/engine/driftChanges.ts to
 * tests/fixtures/drift, with the versions that printed it. No key is in it: Pulumi hides secrets.
 *
 * Usage: node scripts/bootstrap.mjs scripts/recordDrift.ts
 */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { createSandbox } from "../sandbox/createSandbox.ts";
import { trustInThisProcess } from "../sandbox/workspace/trust.ts";
import { driftChanges } from "../tests/engine/driftChanges.ts";
import { positions } from "../tests/engine/releasedState.ts";
import { openSeed, tenantGraph } from "../tests/engine/tenantGraph.ts";

const folder = path.join(import.meta.dirname, "../tests/fixtures/drift");
mkdirSync(folder, { recursive: true });

const sandbox = await createSandbox({ tenant: { seeds: [openSeed] } });
trustInThisProcess(sandbox.tenant.certificateAuthorityPem);
try {
  const stack = await sandbox.stack("contoso");
  const pulumi = async (...args: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await stack.run("pulumi", [...args, "--non-interactive"]);
    if (exitCode !== 0) throw new Error(stdout + stderr);
    return stdout;
  };
  await pulumi("up", "--yes", "--skip-preview");
  const ids = JSON.parse(await pulumi("stack", "output", "--json")) as Record<string, string>;
  const changed = {
    graph: tenantGraph(sandbox.tenant),
    application: `/applications/${ids["applicationObjectId"]}`,
    principal: `/servicePrincipals/${ids["servicePrincipalObjectId"]}`,
    update: () => pulumi("up", "--yes", "--skip-preview", "--refresh"),
  };
  for (const { name, change, repair } of driftChanges) {
    await change(changed);
    const printed = await pulumi("refresh", "--preview-only", "--json");
    const plan: unknown = JSON.parse(printed, (key, value: unknown) =>
      positions.has(key) ? undefined : value,
    );
    const recording = { time: new Date().toISOString(), madeWith: withoutPaths(sandbox.description), plan };
    const text = `${JSON.stringify(recording)}\n`;
    if (text.includes("PRIVATE KEY")) throw new Error(`A private key is in the recording of ${name}.`);
    writeFileSync(path.join(folder, `${name.replaceAll(" ", "-")}.json`), text);
    await repair(changed);
  }
} finally {
  await sandbox.close();
}

/** What is in use, without where it lies on this machine. */
function withoutPaths(description: string): string {
  return description.replace(/ \(\/[^)]*\)/, "").replace(/, tenant at .*/, "");
}
