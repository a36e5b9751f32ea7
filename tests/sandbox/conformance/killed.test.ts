import { expect, test, vi } from "vitest";
import { conformanceCases } from "../../../sandbox/conformance/cases.ts";
import { cleanUp } from "../../../sandbox/conformance/cleanUp.ts";
import type { ConformanceCase } from "../../../sandbox/conformance/conformanceCase.ts";
import { Ledger } from "../../../sandbox/conformance/ledger.ts";
import { Probe } from "../../../sandbox/conformance/probe.ts";
import type { Send, Target } from "../../../sandbox/conformance/target.ts";
import { inventory, startTarget, temporaryLedger, workplaceAt } from "./runs.ts";

// A run of every case takes seconds, and many where the machine has other work.
vi.setConfig({ testTimeout: 120_000 });

/** Cases that create every kind of object, delete some of them themselves, and give roles. */
const killed = conformanceCases.filter(({ id }) =>
  [
    "applicationLife",
    "restoredServicePrincipal",
    "administrativeUnitMembers",
    "trustedAuthorityCode",
    "conditionalAccessBlock",
    "rolesThroughGroups",
    "roleGivenTwice",
  ].includes(id),
);

test.each(killed)("whenever a run of $id is killed, cleaning up leaves nothing", async (one) => {
  const { target } = await startTarget();
  const before = await inventory(target);
  let requests = 0;
  for (let isOver = false; !isOver; requests += 1) {
    isOver = true;
    for (const when of ["before", "after"] as const) {
      const file = temporaryLedger();
      const kill = { number: requests + 1, when };
      isOver = (await runUntilKilled(one, target, file, kill)) && isOver;
      expect(await cleanUp({ target, ledger: new Ledger(file), pause: async () => undefined })).toEqual([]);
      expect({ kill, inventory: await inventory(target) }).toEqual({ kill, inventory: before });
    }
  }
  expect(requests).toBeGreaterThan(5);
});

class Killed extends Error {}

/** Runs a case up to a request, of which the answer is lost or that is not sent. @returns whether it came to its end */
async function runUntilKilled(
  one: ConformanceCase,
  target: Target,
  file: string,
  { number, when }: { readonly number: number; readonly when: "before" | "after" },
): Promise<boolean> {
  let count = 0;
  const send: Send = async (request) => {
    count += 1;
    if (count === number && when === "before") throw new Killed();
    const answer = await target.send(request);
    if (count >= number) throw new Killed();
    return answer;
  };
  try {
    await one.run(new Probe(workplaceAt({ ...target, send }, { ledger: new Ledger(file) }), undefined, one));
    return true;
  } catch (error) {
    if (error instanceof Killed) return false;
    throw error;
  }
}
