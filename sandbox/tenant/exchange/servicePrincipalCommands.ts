import { textOf, type Json, type JsonObject } from "../json.ts";
import {
  servicePrincipalOfApplication,
  type DirectoryEntity,
  type RoleStore,
  type TenantState,
} from "../state.ts";
import { toGraphTime } from "../time.ts";
import type { ExchangeCommand } from "./command.ts";
import { alreadyExists, invalidCommand } from "./errors.ts";
import { reading, writing } from "./roleManagement.ts";
import { findServicePrincipal } from "./roleStore.ts";

/** Service principals of Entra, as the two services know them. */
export const servicePrincipalCommands: readonly ExchangeCommand[] = [
  {
    ...reading,
    name: "Get-ServicePrincipal",
    parameters: ["Identity"],
    run: ({ store, parameters }) =>
      parameters.Identity === undefined
        ? [...store.servicePrincipals.values()].map(present)
        : [present(findServicePrincipal(store, textOf(parameters.Identity)))],
  },
  {
    ...writing,
    name: "New-ServicePrincipal",
    parameters: ["AppId", "ObjectId", "ServiceId", "DisplayName"],
    required: ["AppId", "ObjectId"],
    run: ({ tenant, store, parameters, now }) => [present(add(tenant, store, parameters, now))],
  },
  {
    ...writing,
    name: "Remove-ServicePrincipal",
    parameters: ["Identity", "Confirm"],
    required: ["Identity"],
    run: ({ store, parameters }) => {
      const { id } = findServicePrincipal(store, textOf(parameters.Identity));
      store.servicePrincipals.delete(id);
      store.members = store.members.filter(({ to }) => to !== id);
      for (const [name, { assignee }] of store.assignments)
        if (assignee === id) store.assignments.delete(name);
      return [];
    },
  },
];

/** `ObjectId` is the service principal's, not the application's; Exchange checks that they belong together. */
function add(tenant: TenantState, store: RoleStore, parameters: JsonObject, now: Date): DirectoryEntity {
  const [appId, objectId] = [
    textOf(parameters.AppId).toLowerCase(),
    textOf(parameters.ObjectId).toLowerCase(),
  ];
  const principal = servicePrincipalOfApplication(tenant, appId);
  if (principal?.id !== objectId)
    throw invalidCommand(
      `The service principal with AppId "${appId}" and ObjectId "${objectId}" was not found in the directory.`,
    );
  if (store.servicePrincipals.has(objectId))
    throw alreadyExists(`The service principal "${objectId}" already exists.`);
  const known: DirectoryEntity = {
    id: objectId,
    appId,
    displayName: textOf(parameters.DisplayName) || principal.displayName,
    createdDateTime: toGraphTime(now),
  };
  store.servicePrincipals.set(objectId, known);
  return known;
}

function present(principal: DirectoryEntity): Json {
  return {
    AppId: principal.appId ?? null,
    DisplayName: principal.displayName ?? null,
    Identity: principal.id,
    ObjectId: principal.id,
    WhenCreatedUTC: principal.createdDateTime ?? null,
  };
}
