import { expect, test } from "vitest";

import { fleetRotateView } from "../../../cli/views/fleetRotateView.ts";
import { visibleValues } from "../../../common/foreignText.ts";
import { fleetRotate } from "../../../operations/fleet/fleetRotate.ts";
import { makeCliFolder } from "../../cli/cliProcess.ts";

test("why a stack failed is one line, also if Pulumi and the way out are two", async () => {
  const { path, env } = makeCliFolder({ stderr: "error: incorrect passphrase\n", exitCode: 255, config: {} });
  const stacks = await fleetRotate({
    stacks: ["contoso"],
    cwd: path,
    env,
    signal: new AbortController().signal,
    progress: () => {},
    overlapMs: 604_800_000,
    waitMs: 0,
    dryRun: true,
    noUp: false,
  });
  const message =
    "`pulumi stack export --stack contoso` failed: incorrect passphrase. Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE.";
  expect(stacks).toEqual([{ stack: "contoso", failure: { code: "EXO_AUTH_PULUMI", message } }]);
  expect(fleetRotateView({ stacks: visibleValues(stacks) })).toContain(`contoso: ${message}\n`);
});
