import { readFileSync, writeFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { cleanUp } from "../../../sandbox/conformance/cleanUp.ts";
import { plain } from "../../../sandbox/conformance/fixtures.ts";
import { Ledger } from "../../../sandbox/conformance/ledger.ts";
import type { Send } from "../../../sandbox/conformance/target.ts";
import { startTarget, temporaryLedger, workplaceAt } from "./runs.ts";

// A run of every case takes seconds, and many where the machine has other work.
vi.setConfig({ testTimeout: 120_000 });

const pause = async (): Promise<void> => undefined;
const other = "99999999-9999-4999-8999-999999999999";

test("a write that names nothing of the run is not sent", async () => {
  const { target, server } = await startTarget();
  const workplace = workplaceAt(target);
  const { id, appId } = await plain(workplace);
  const before = server.requests.length;
  const refused = [
    () => workplace.graph("DELETE", `/v1.0/applications/${other}`),
    () => workplace.graph("PATCH", `/v1.0/applications(appId='${other}')`, { body: { displayName: "x" } }),
    () => workplace.graph("POST", "/v1.0/groups", { body: { displayName: "exchange-auth conformance" } }),
    () =>
      workplace.graph("PATCH", "/v1.0/policies/defaultAppManagementPolicy", { body: { isEnabled: false } }),
    () => workplace.invoke("Set-Mailbox", { Identity: "ceo" }, "token"),
  ];
  for (const write of refused)
    await expect(write()).rejects.toThrow("would write to what this run has not created.");
  expect(server.requests.length).toBe(before);
  expect((await workplace.graph("PATCH", `/v1.0/applications/${id}`, { body: { notes: "x" } })).status).toBe(
    204,
  );
  const path = `/v1.0/applications(appId='${appId}')`;
  expect((await workplace.graph("PATCH", path, { body: { notes: "y" } })).status).toBe(204);
});

test("each creation is on disk before it is sent, and half a line is none", async () => {
  const { target } = await startTarget();
  const file = temporaryLedger();
  const sent: number[] = [];
  const send: Send = async (request) => {
    if (request.method === "POST") sent.push(new Ledger(file).entries.length);
    return target.send(request);
  };
  const workplace = workplaceAt({ ...target, send }, { ledger: new Ledger(file) });
  await plain(workplace);
  expect(sent).toEqual([1, 2]);
  const { entries } = workplace.options.ledger;
  expect(new Ledger(file).entries).toEqual(entries);
  writeFileSync(file, `${readFileSync(file, "utf8")}{"kind":"appl`);
  expect(new Ledger(file).entries).toEqual(entries);
});

test("what cannot be deleted is named, with the answer, and stays in the ledger", async () => {
  const { target, server } = await startTarget();
  const file = temporaryLedger();
  const workplace = workplaceAt(target, { ledger: new Ledger(file) });
  const { id } = await plain(workplace);
  server.faults.refuse({ method: "DELETE", path: /\/applications\// }, { status: 403 });
  const left = await cleanUp({ target, ledger: new Ledger(file), pause });
  expect(left).toEqual([
    `application "${workplace.options.mark} plain" ${id}: the answer was 403 Authorization_RequestDenied`,
  ]);
  server.faults.clear();
  expect(await cleanUp({ target, ledger: new Ledger(file), pause })).toEqual([]);
  expect(new Ledger(file).entries).toEqual([]);
});
