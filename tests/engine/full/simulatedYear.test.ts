import { readFileSync } from "node:fs";

import { afterAll, beforeAll, expect, test, vi } from "vitest";

import { rotate } from "../../../operations/rotation/rotate.ts";
import { decide } from "../../../operations/rotation/decide.ts";
import { readSubject, type RotationSubject } from "../../../operations/rotation/subject.ts";
import type { Generation, StackComponent } from "../../../stack/components.ts";
import { createSandbox, type Sandbox } from "../../../sandbox/createSandbox.ts";
import { trustInThisProcess } from "../../../sandbox/workspace/trust.ts";
import type { StackWorkspace } from "../../../sandbox/workspace/workspace.ts";
import {
  brief,
  context,
  day,
  rotateOnce,
  signIn,
  validThumbprints,
  writeSettings,
} from "../rotationSupport.ts";
import { simulateTime, type SimulatedTime } from "../simulatedTime.ts";
import { type Outcome, up, within } from "../support.ts";
import { onMovableClock } from "../standIns.ts";

// One year of one stack, with 29 February in it. Only steps run the engine; each day, a consumer signs in.
let sandbox: Sandbox;
let stack: StackWorkspace;
let time: SimulatedTime;
const begin = Date.parse("2027-12-01T06:00:00Z");
const settings = { spreadKey: "exchange-auth/contoso", overlapMs: 7 * day };

beforeAll(async () => {
  sandbox = await createSandbox({ ...onMovableClock(), tenant: { now: () => new Date() } });
  trustInThisProcess(sandbox.tenant.certificateAuthorityPem);
  const made = await sandbox.stack("contoso");
  time = simulateTime(sandbox, made.env);
  stack = within(made, time.env);
  time.moveTo(new Date(begin));
  writeSettings(
    stack,
    (text) =>
      `# Contoso's production tenant\n${text}config:\n  exchange-auth:certificate:\n    validityDays: 240 # the policy's\n`,
  );
  const { exitCode, output } = await up(stack);
  if (exitCode !== 0) throw new Error(output);
});

afterAll(async () => {
  vi.useRealTimers();
  await sandbox.close();
});

test(
  "a year with two rotations: a consumer signs in every day, and there is never no valid certificate",
  { timeout: 900_000 },
  async () => {
    let subject = await readSubject(context(stack));
    let held = certificateOf(subject);
    const steps: string[] = [];
    const plans: Outcome[] = [];
    const waits: string[] = [];
    const failures: unknown[] = [];
    const counts = new Set<number>();
    for (let days = 1; days <= 365; days++) {
      time.moveTo(new Date(begin + days * day));
      const { step } = decide(subject.facts, settings, Date.now());
      if (step !== "none") {
        const isFirst = steps.length < 3;
        const result = await rotateOnce(stack, { noUp: isFirst });
        steps.push(`day ${days}: ${brief(result)}`);
        if (isFirst) {
          // Nothing is up yet, so another run waits instead of editing again.
          waits.push((await rotateOnce(stack, { noUp: true })).outcome);
          plans.push(await up(stack));
        }
        subject = await readSubject(context(stack));
      }
      // It looks for a new certificate every five days, which the overlap of seven covers.
      if (days % 5 === 0) held = certificateOf(subject);
      const { problem } = await signIn(sandbox.tenant, ...held);
      if (problem) failures.push({ days, problem });
      // It changes with a step, and when a certificate ends.
      if (step !== "none" || days % 5 === 0)
        counts.add((await validThumbprints(sandbox.tenant, subject.component)).length);
    }

    expect(failures).toEqual([]);
    expect(counts).toEqual(new Set([1, 2]));
    expect(waits).toEqual(["waiting", "waiting", "waiting"]);
    expect(steps).toEqual([
      expect.stringMatching(/^day 1[45]\d: edited add 1 -> 1 2$/),
      expect.stringMatching(/^day 1[45]\d: edited makeCurrent 1 2 -> 2 1$/),
      expect.stringMatching(/^day 1[456]\d: edited remove 2 1 -> 2$/),
      expect.stringMatching(/^day (29|30|31)\d: done add 2 -> 2 3$/),
      expect.stringMatching(/^day (29|30|31)\d: done makeCurrent 2 3 -> 3 2$/),
      expect.stringMatching(/^day (29|30|31|32)\d: done remove 3 2 -> 3$/),
    ]);
    const dayOf = steps.map((text) => Number(/\d+/.exec(text)?.[0]));
    expect([dayOf[1]! - dayOf[0]!, dayOf[2]! - dayOf[1]!, dayOf[5]! - dayOf[4]!]).toEqual([1, 7, 7]);
    expectExactPlans(plans);
    expect(readFileSync(stack.settings, "utf8").replace(/^encryptionsalt.*\n/m, "")).toBe(
      `# Contoso's production tenant
config:
  exchange-auth:certificate:
    validityDays: 240 # the policy's
    generations:
      - name: "3"
`,
    );
  },
);

test("nobody rotates for two years: what expired is replaced in one update, and signed in with", async () => {
  time.moveTo(new Date(begin + 1100 * day));
  const result = await rotateOnce(stack);
  expect(brief(result)).toBe("done replaceExpired 3 -> 4");
  expect(result.verification?.problem).toBeUndefined();
  const { component } = await readSubject(context(stack));
  expect(await validThumbprints(sandbox.tenant, component)).toEqual([component.thumbprint]);
  expect(brief(await rotateOnce(stack))).toBe("nothingDue none 4 -> 4");
});

test("--renew-before that would renew at every run is refused", async () => {
  await expect(
    rotate({
      ...context(stack),
      dryRun: true,
      noUp: false,
      overlapMs: 7 * day,
      waitMs: 0,
      renewBeforeMs: 240 * day,
    }),
  ).rejects.toMatchObject({
    code: "EXO_AUTH_USAGE",
    message: expect.stringMatching(
      /^--renew-before must be shorter than the certificate's lifetime: generation "4" is valid from \S+ \S+ UTC to \S+ \S+ UTC, so every run would renew it\. Give less\.$/,
    ),
  });
});

/** Adding makes resources and changes none, making current changes outputs only, removing deletes what was added. */
function expectExactPlans([added, promoted, removed]: readonly Outcome[]): void {
  expect(added).toMatchObject({ exitCode: 0, changes: resourcesOf("2").map((what) => `create ${what}`) });
  expect(promoted).toMatchObject({ exitCode: 0, changes: [] });
  expect(removed).toMatchObject({ exitCode: 0, changes: resourcesOf("1").map((what) => `delete ${what}`) });
}

function resourcesOf(name: string): readonly string[] {
  return [
    `azuread:ApplicationCertificate exchange-cert-${name}`,
    `exchange-auth:AppCertificate exchange-cert-${name}`,
    `random:RandomPassword exchange-cert-${name}-pfx-password`,
    `random:RandomUuid exchange-cert-${name}-key-id`,
    `tls:PrivateKey exchange-cert-${name}-key`,
    `tls:SelfSignedCert exchange-cert-${name}`,
  ];
}

function certificateOf({ component }: RotationSubject): [StackComponent, Generation] {
  return [component, component.generations[0]];
}
