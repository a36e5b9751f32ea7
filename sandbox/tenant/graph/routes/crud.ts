import { randomUUID } from "node:crypto";
import { checkBody } from "../../model/checkBody.ts";
import { initialValues, type EntityType } from "../../model/entityType.ts";
import type { DirectoryEntity } from "../../state.ts";
import { resourceNotFound } from "../errors.ts";
import { collection, entity } from "../reply.ts";
import { noContent, type Expansions, type GraphRequest, type GraphRoute } from "../route.ts";
import { idOf } from "./references.ts";

/** A table of objects that can be listed, created, read, changed and deleted. */
export interface Crud {
  readonly path: string;
  readonly what: string;
  readonly type: EntityType;
  /** @default none */
  readonly expand?: Expansions;
  readonly tableOf: (request: GraphRequest) => Map<string, DirectoryEntity>;
  /** What a new object has besides what its creator says. */
  readonly created: (request: GraphRequest) => Record<string, string>;
  readonly reading: { readonly permissions: readonly string[]; readonly directoryRoles: readonly string[] };
  readonly writing: { readonly permissions: readonly string[]; readonly directoryRoles: readonly string[] };
}

/** The routes of such a table. */
export function crud(options: Crud): readonly GraphRoute[] {
  const { path, what, type, tableOf, expand = {} } = options;
  const expandable = Object.keys(expand).length > 0 ? (["$expand"] as const) : [];
  const find = (request: GraphRequest): DirectoryEntity => {
    const object = tableOf(request).get(idOf(request));
    if (object === undefined) throw resourceNotFound(idOf(request));
    return object;
  };
  return [
    {
      ...options.reading,
      type,
      method: "GET",
      path,
      title: `List every ${what}`,
      query: ["$select", "$filter", "$top", ...expandable],
      expand,
      handle: (request) => collection(request, type, tableOf(request).values()),
    },
    {
      ...options.writing,
      type,
      method: "POST",
      path,
      title: `Create an object: ${what}`,
      takesBody: true,
      handle: (request) => {
        const { properties } = checkBody(request.body, type, type.properties, undefined);
        const object = {
          ...initialValues(type.properties),
          ...properties,
          ...options.created(request),
          id: randomUUID(),
        };
        tableOf(request).set(object.id, object);
        return entity(request, type, object, 201);
      },
    },
    {
      ...options.reading,
      type,
      method: "GET",
      path: `${path}/:id`,
      title: `Read an object: ${what}`,
      query: ["$select", ...expandable],
      expand,
      handle: (request) => entity(request, type, find(request)),
    },
    {
      ...options.writing,
      type,
      method: "PATCH",
      path: `${path}/:id`,
      title: `Update an object: ${what}`,
      takesBody: true,
      handle: (request) => {
        const current = find(request);
        const { properties } = checkBody(request.body, type, type.properties, current);
        tableOf(request).set(current.id, { ...current, ...properties });
        return noContent;
      },
    },
    {
      ...options.writing,
      type,
      method: "DELETE",
      path: `${path}/:id`,
      title: `Delete an object: ${what}`,
      handle: (request) => {
        const { id } = find(request);
        tableOf(request).delete(id);
        request.tenant.policyAssignments = request.tenant.policyAssignments.filter(
          (reference) => reference.to !== id,
        );
        return noContent;
      },
    },
  ];
}
