import type { GraphRoute } from "../../tenant/graph/route.ts";
import { graphRoutes } from "../../tenant/graph/routes.ts";
import type { ConformanceCase } from "../conformanceCase.ts";
import * as own from "../fixtures.ts";
import type { Workplace } from "../workplace.ts";

function caseOf({ path, query = [], title }: GraphRoute, version: string): ConformanceCase {
  const filler = fillerOf(path);
  const isPim = /schedule/i.test(path);
  const isCount = path.endsWith("/$count");
  return {
    id: `GET /${version}${path}`,
    title,
    readsOnly: filler === undefined || filler.readsOnly === true,
    ...(isPim ? { fits: ({ entraIdP2 }) => entraIdP2 } : {}),
    run: async (probe) => {
      const filled = filler === undefined ? path : path.replace(/:\w+/, await filler.find(probe.workplace));
      const options = query.includes("$top") && !isCount ? "?$top=1" : "";
      const headers = isCount ? { headers: { consistencylevel: "eventual" } } : {};
      await probe.ask("GET", `/${version}${filled}${options}`, undefined, headers);
    },
  };
}

/** What stands for the one parameter of a route. */
interface Filler {
  readonly prefix: string;
  readonly readsOnly?: boolean;
  readonly find: (workplace: Workplace) => Promise<string>;
}

const fillers: readonly Filler[] = [
  { prefix: "/applications/", find: async (workplace) => (await own.plain(workplace)).id },
  {
    prefix: "/servicePrincipals/",
    find: async (workplace) => (await own.plain(workplace)).principalId,
  },
  {
    prefix: "/groups/",
    find: (workplace) => workplace.shared("routeGroup", () => own.group(workplace, "routes")),
  },
  {
    prefix: "/directory/administrativeUnits/",
    find: (workplace) => workplace.shared("routeUnit", () => own.unit(workplace, "routeUnit")),
  },
  {
    prefix: "/directoryObjects/",
    find: async (workplace) => (await own.plain(workplace)).principalId,
  },
  {
    prefix: "/organization/",
    readsOnly: true,
    find: async (workplace) => workplace.options.target.tenantId,
  },
  {
    prefix: "/roleManagement/directory/roleDefinitions/",
    readsOnly: true,
    find: async () => "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
  },
  {
    prefix: "/directoryRoleTemplates/",
    readsOnly: true,
    find: async () => "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
  },
];

/** The filler of a route with one parameter; undefined for others. */
function fillerOf(path: string): Filler | undefined {
  if (path.match(/:\w+/g)?.length !== 1) return undefined;
  return fillers.find(({ prefix }) => path.startsWith(`${prefix}:`));
}

/** One case for each route that reads, from the table of routes. */
export const routeCases: readonly ConformanceCase[] = graphRoutes
  .filter(({ method, path }) => method === "GET" && (!path.includes("/:") || fillerOf(path) !== undefined))
  .flatMap((route) => (route.versions ?? (["v1.0"] as const)).map((version) => caseOf(route, version)));
