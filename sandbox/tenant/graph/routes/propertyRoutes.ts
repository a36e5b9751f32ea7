import type { JsonObject } from "../../json.ts";
import type { GraphRequest, GraphRoute } from "../route.ts";

/** The routes that read one property of an object by itself, as OData has it: those that clients are known to ask for. */
export function propertyRoutes(
  reading: Pick<GraphRoute, "type" | "permissions" | "directoryRoles">,
  path: string,
  names: readonly string[],
  find: (request: GraphRequest) => JsonObject,
): readonly GraphRoute[] {
  return names.map((name) => ({
    ...reading,
    method: "GET",
    path: `${path}/${name}`,
    title: `Read \`${name}\` of an object alone`,
    handle: (request) => ({
      status: 200,
      body: {
        "@odata.context": `${request.url.origin}/${request.version}/$metadata#${reading.type.name}s/${name}`,
        value: find(request)[name] ?? null,
      },
    }),
  }));
}
