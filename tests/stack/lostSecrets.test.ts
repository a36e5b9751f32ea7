import { expect, test } from "vitest";
import { secretSignature, signatureKey } from "../../common/pulumiSignatures.ts";
import { exportStateWithSecrets, type ExportedState } from "../../stack/exportedState.ts";
import { makeCliFolder } from "../cli/cliProcess.ts";
import { exportedComponent, exportOf } from "./exportedState.ts";

/** What is read of a state with secrets that show these texts. */
async function readWith(...plaintexts: readonly string[]): Promise<ExportedState> {
  const secrets = plaintexts.map((plaintext) => ({ [signatureKey]: secretSignature, plaintext }));
  const provider = {
    urn: "urn:pulumi:s::p::pulumi:providers:azuread::default",
    type: "x",
    outputs: { secrets },
  };
  const printed = JSON.stringify(
    exportOf([...exportedComponent("s", "p", "exchange").slice(0, 1), provider]),
  );
  const { env, path: cwd } = makeCliFolder({ stdout: printed });
  return exportStateWithSecrets({ cwd, env, signal: new AbortController().signal });
}

test("a state whose secrets all show null was not opened (pulumi/pulumi#23476)", async () => {
  await expect(readWith("null", "null")).rejects.toThrow(
    expect.objectContaining({
      code: "EXO_AUTH_PULUMI",
      reason: "configuration",
      message:
        "Pulumi shows null for every secret of the stack, as some versions do if the passphrase is wrong. Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE to the passphrase of the stack.",
    }),
  );
});

test.each([[["null", '"a"']], [['"a"']], [[]]])("one with %j was", async (plaintexts) => {
  expect((await readWith(...plaintexts)).stack).toBe("s");
});
