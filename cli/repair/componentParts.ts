import type { StackResource } from "./stackResources.ts";
import { nameOf, textOf } from "./stackResources.ts";

/** One component: what of it the state knows, and what the next update would create. */
export interface ComponentParts {
  readonly name: string;
  /** By which the tenant's objects are recognised; undefined where the application is not the stack's own. */
  readonly description: string | undefined;
  /** What the application is called, in the state and in the plan. */
  readonly displayNames: readonly string[];
  readonly known: readonly StackResource[];
  readonly planned: readonly StackResource[];
}

/** azuread's types, as far as they are the component's. */
export const types = {
  application: "azuread:index/application:Application",
  servicePrincipal: "azuread:index/servicePrincipal:ServicePrincipal",
  certificate: "azuread:index/applicationCertificate:ApplicationCertificate",
  consent: "azuread:index/appRoleAssignment:AppRoleAssignment",
  roleAssignment: "azuread:index/directoryRoleAssignment:DirectoryRoleAssignment",
} as const;

/** Every component of the state or the plan, with all below it. */
export function componentParts(
  known: readonly StackResource[],
  planned: readonly StackResource[],
): readonly ComponentParts[] {
  const parents = new Map([...known, ...planned].map(({ urn, parent }) => [urn, parent]));
  const isBelow = (resource: StackResource, urn: string): boolean => {
    for (let above = resource.parent; above !== undefined; above = parents.get(above))
      if (above === urn) return true;
    return false;
  };
  const components = new Map(
    [...known, ...planned]
      .filter(({ type }) => type === "exchange-auth:index:ExchangeAppOnlyAuth")
      .map((component) => [component.urn, component]),
  );
  return [...components.values()].map((component) => {
    const parts = {
      known: known.filter((resource) => isBelow(resource, component.urn)),
      planned: planned.filter((resource) => isBelow(resource, component.urn)),
    };
    const applications = [...parts.planned, ...parts.known].filter(({ type }) => type === types.application);
    const texts = (input: string): string[] =>
      applications.flatMap(({ inputs }) => textOf(inputs, input) ?? []);
    return {
      name: nameOf(component),
      description: texts("description")[0],
      displayNames: [...new Set(texts("displayName"))],
      ...parts,
    };
  });
}
