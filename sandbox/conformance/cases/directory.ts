import { microsoftAppIds } from "../../tenant/catalogue/microsoftServicePrincipals.ts";
import type { ConformanceCase } from "../conformanceCase.ts";
import * as own from "../fixtures.ts";
import type { Probe } from "../probe.ts";

const unknownId = "99999999-9999-4999-8999-999999999999";
const eventual = { headers: { consistencylevel: "eventual" }, isForeign: false };

/** How Graph creates, shows, finds and deletes objects of the directory. */
export const directoryCases: readonly ConformanceCase[] = [
  {
    id: "applicationLife",
    title: "An application and its service principal are created, changed, deleted and restored",
    run: async (probe) => {
      const name = `${probe.workplace.options.mark} life`;
      const { id, answer } = await probe.create("application", "life.application", name, {
        displayName: name,
      });
      const appId = own.textAt(answer, "appId");
      probe.workplace.labels.add(appId, "life.client");
      await probe.ask("GET", `/v1.0/applications/${id}`);
      const created = await probe.create("servicePrincipal", "life.principal", appId, { appId });
      await probe.ask("GET", `/v1.0/servicePrincipals/${created.id}`);
      await probe.ask("PATCH", `/v1.0/applications/${id}`, { description: "Changed" });
      await probe.ask("GET", `/v1.0/applications/${id}?$select=description`);
      await probe.create("servicePrincipal", "life.second", appId, { appId });
      await probe.ask("DELETE", `/v1.0/applications/${id}`);
      await probe.ask("GET", `/v1.0/servicePrincipals/${created.id}?$select=id`);
      await probe.ask("GET", `/v1.0/directory/deletedItems/${id}?$select=id`);
      await probe.ask("POST", `/v1.0/directory/deletedItems/${id}/restore`);
      await probe.ask("GET", `/v1.0/servicePrincipals/${created.id}?$select=id`);
    },
  },
  {
    id: "consent",
    title: "Exchange.ManageAsApp is given, given again, read and taken away",
    run: async (probe) => {
      const { workplace } = probe;
      const resourceId = await own.microsoftPrincipal(workplace, microsoftAppIds.exchangeOnline);
      const { principalId } = await own.principal(workplace, "consent");
      const path = `/v1.0/servicePrincipals/${principalId}/appRoleAssignments`;
      const body = { principalId, resourceId, appRoleId: own.manageAsApp };
      const given = await probe.ask("POST", path, body);
      workplace.labels.add(own.textAt(given, "id"), "consent.assignment");
      await probe.ask("POST", path, body);
      await probe.ask("GET", path);
      await probe.ask("DELETE", `${path}/${own.textAt(given, "id")}`);
      await probe.ask("GET", path);
    },
  },
  {
    id: "restoredServicePrincipal",
    title: "A consent after its service principal was deleted and restored",
    beliefs: ["restoredServicePrincipal"],
    run: async (probe) => {
      const { principalId } = await own.principal(probe.workplace, "restored");
      await own.consent(probe.workplace, principalId);
      await probe.ask("DELETE", `/v1.0/servicePrincipals/${principalId}`);
      await probe.ask("POST", `/v1.0/directory/deletedItems/${principalId}/restore`);
      await probe.ask("GET", `/v1.0/servicePrincipals/${principalId}/appRoleAssignments`);
    },
  },
  {
    id: "ownReplyUrls",
    title: "A service principal's `replyUrls` beside the redirect URIs of its application",
    beliefs: ["ownReplyUrls"],
    run: async (probe) => {
      const web = { redirectUris: ["https://localhost/application"] };
      const { id, principalId } = await own.principal(probe.workplace, "reply", { web });
      const path = `/v1.0/servicePrincipals/${principalId}`;
      await probe.ask("PATCH", path, { replyUrls: ["https://localhost/principal"] });
      await probe.ask("GET", `${path}?$select=replyUrls`);
      await probe.ask("GET", `/v1.0/applications/${id}?$select=web`);
    },
  },
  {
    id: "owners",
    title: "An owner is added, added again, listed and removed",
    run: async (probe) => {
      const { principalId } = await own.plain(probe.workplace);
      const { id } = await own.application(probe.workplace, "owned");
      const path = `/v1.0/applications/${id}/owners`;
      await probe.ask("POST", `${path}/$ref`, own.reference(probe.workplace, principalId));
      await probe.ask("POST", `${path}/$ref`, own.reference(probe.workplace, principalId));
      await probe.ask("GET", `${path}?$select=id`);
      await probe.ask("DELETE", `${path}/${principalId}/$ref`);
    },
  },
  {
    id: "referenceForm",
    title: "The references to a group's members",
    beliefs: ["referenceForm"],
    run: async (probe) => probe.ask("GET", `/v1.0/groups/${await members(probe)}/members/$ref`),
  },
  {
    id: "typedLists",
    title: "A group's members of one type, without the header for advanced queries",
    beliefs: ["typedLists"],
    run: async (probe) => {
      const path = `/v1.0/groups/${await members(probe)}/members`;
      await probe.ask("GET", `${path}/microsoft.graph.servicePrincipal?$select=id`);
      await probe.ask("GET", `${path}?$select=id`);
    },
  },
  {
    id: "idFunctions",
    title: "Objects by their IDs, one of them twice and one unknown, and the groups of a service principal",
    beliefs: ["idFunctions"],
    run: async (probe) => {
      await members(probe);
      const { id, principalId } = await own.plain(probe.workplace);
      await probe.question("/v1.0/directoryObjects/getByIds?$select=id", {
        ids: [id, principalId, unknownId, id],
      });
      const path = `/v1.0/servicePrincipals/${principalId}/getMemberGroups`;
      await probe.question(path, { securityEnabledOnly: false });
    },
  },
  {
    id: "sameUniqueName",
    title: "Two applications with one `uniqueName`, and writes by that name",
    beliefs: ["sameUniqueName"],
    run: async (probe) => {
      const { mark, ledger } = probe.workplace.options;
      const uniqueName = mark.replaceAll(" ", "-");
      probe.workplace.labels.add(uniqueName, "unique.name");
      const first = { displayName: `${mark} unique`, uniqueName };
      await probe.create("application", "unique.application", first.displayName, first);
      const second = { displayName: `${mark} second`, uniqueName };
      await probe.create("application", "unique.second", second.displayName, second);
      const upsert = { headers: { prefer: "create-if-missing" } };
      await probe.ask("PATCH", byUniqueName(uniqueName), { description: mark }, upsert);
      const displayName = `${mark} upserted`;
      ledger.intend("application", displayName);
      await probe.ask("PATCH", byUniqueName(`${uniqueName}-upserted`), { displayName }, upsert);
    },
  },
  {
    id: "search",
    title: "Applications by the beginning of a word in their name",
    beliefs: ["search"],
    run: async (probe) => {
      const { workplace } = probe;
      await own.plain(workplace);
      const [word = ""] = workplace.options.mark.split(" ").toReversed();
      const [beginning, end] = [word.slice(0, 10), word.slice(2)];
      workplace.labels.add(word, "word");
      workplace.labels.add(beginning, "beginning");
      workplace.labels.add(end, "end");
      for (const words of [word, beginning, end]) {
        const query = encodeURIComponent(`"displayName:${words}"`);
        await probe.ask(
          "GET",
          `/v1.0/applications?$search=${query}&$count=true&$select=id`,
          undefined,
          eventual,
        );
      }
    },
  },
  {
    id: "administrativeUnitMembers",
    title: "A group joins an administrative unit and leaves it",
    run: async (probe) => {
      const [unitId, groupId] = [await own.unit(probe.workplace, "unit"), await members(probe)];
      const path = `/v1.0/directory/administrativeUnits/${unitId}/members`;
      await probe.ask("POST", `${path}/$ref`, own.reference(probe.workplace, groupId));
      await probe.ask("GET", `${path}?$select=id`);
      await probe.ask("DELETE", `${path}/${groupId}/$ref`);
    },
  },
];

function byUniqueName(name: string): string {
  return `/v1.0/applications(uniqueName='${name}')`;
}

/** A group with the plain application's service principal in it. */
function members({ workplace }: Probe): Promise<string> {
  return workplace.shared("members", async () => {
    const { principalId } = await own.plain(workplace);
    const id = await own.group(workplace, "members");
    const body = own.reference(workplace, principalId);
    await workplace.until(
      "add a member",
      () => workplace.graph("POST", `/v1.0/groups/${id}/members/$ref`, { body }),
      ({ status }) => status === 204,
    );
    return id;
  });
}
