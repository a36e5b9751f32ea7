import * as v from "valibot";
import { expect, onTestFinished, test } from "vitest";
import { createGraphClient } from "../../../graph/graphClient.ts";
import { justificationOf, observeTimedRoles } from "../../../operations/timedRoles/observedTimedRoles.ts";
import { fixedCredential, startScriptedServer } from "../../graph/scriptedServer.ts";
import { owner } from "../grant/ownRoles.ts";

const Batch = v.object({ requests: v.array(v.object({ id: v.string(), url: v.string() })) });

test("a role is exo-auth's by the schedule of a request, and none is by a request that names none", async () => {
  const server = await startScriptedServer();
  onTestFinished(() => server.close());
  const justification = justificationOf(owner);
  const about = { directoryScopeId: "/", memberType: "Direct", endDateTime: null };
  const lists: Readonly<Record<string, readonly object[]>> = {
    roleAssignmentScheduleInstances: [
      { ...about, roleAssignmentScheduleId: "given", roleDefinitionId: "reader" },
      { ...about, roleAssignmentScheduleId: null, roleDefinitionId: "administrator" },
      { ...about, roleAssignmentScheduleId: "group", roleDefinitionId: "other", memberType: "Group" },
    ],
    roleAssignmentScheduleRequests: [
      { targetScheduleId: "given", justification },
      { targetScheduleId: null, justification },
    ],
  };
  const valueOf = (url: string) =>
    Object.entries(lists).find(([list]) => url.includes(`/${list}?`))?.[1] ?? [];
  server.answer(({ body, path }) => {
    if (!v.is(Batch, body)) return { status: 200, body: { value: valueOf(path) } };
    const responses = body.requests.map(({ id, url }) => ({
      id,
      status: 200,
      headers: {},
      body: { value: valueOf(url) },
    }));
    return { status: 200, body: { responses } };
  });
  const graph = createGraphClient(
    fixedCredential,
    { url: server.url, scope: "https://graph.microsoft.com/.default" },
    { retryDelayMs: 1 },
  );
  expect(await observeTimedRoles(graph, owner)).toEqual([
    { roleTemplateId: "reader", isOwn: true },
    { roleTemplateId: "administrator", isOwn: false },
  ]);
});
