import { ownDescription } from "../../common/marker.ts";
import { childTypes, componentType } from "../../common/typeTokens.ts";
import { ancestorsOf } from "../../stack/ancestors.ts";
import type { StackResource } from "../../stack/resource.ts";
import { parseUrn } from "../../stack/urn.ts";
import { isSecret, textOf } from "../../stack/values.ts";
import type { KnownApplication } from "../tenant/applicationState.ts";
import { type Marker, markerOf } from "./marker.ts";

/** One component: what of it the state knows, and what the next update would create. */
export interface ComponentParts {
  readonly name: string;
  readonly project: string;
  readonly stack: string;
  /** The component itself, in the state and in the plan. */
  readonly self: readonly StackResource[];
  /** Undefined where the state does not say it. */
  readonly tenantDomain: string | undefined;
  /** What its application's description begins with; undefined where the application is not the stack's own. */
  readonly own: string | undefined;
  /** Undefined where the state has none. */
  readonly marker: Marker | undefined;
  /** What the application is called, in the state and in the plan. */
  readonly displayNames: readonly string[];
  /** Whether it is called something that is a secret. */
  readonly isNameSecret: boolean;
  readonly known: readonly StackResource[];
  readonly planned: readonly StackResource[];
}

/** Every component of the state or the plan, with all below it. */
export function componentParts(
  known: readonly StackResource[],
  planned: readonly StackResource[],
): readonly ComponentParts[] {
  const above = ancestorsOf([...known, ...planned]);
  const components = new Map(
    [...known, ...planned]
      .filter(({ type }) => type === componentType)
      .map((component) => [component.urn, component]),
  );
  return [...components.keys()].map((urn) => {
    const { name, project, stack } = parseUrn(urn);
    const parts = {
      known: known.filter((resource) => above(resource.urn).includes(urn)),
      planned: planned.filter((resource) => above(resource.urn).includes(urn)),
    };
    const applications = [...parts.planned, ...parts.known].filter(
      ({ type }) => type === childTypes.application,
    );
    const component = known.filter((resource) => resource.urn === urn);
    return {
      name,
      project,
      stack,
      self: [...component, ...planned.filter((resource) => resource.urn === urn)],
      tenantDomain: component.map(({ outputs }) => textOf(outputs, "tenantDomain")).at(0),
      own: applications.length === 0 ? undefined : ownDescription(project, stack, name),
      marker: markerOf(name, [...component, ...parts.known]),
      displayNames: [...new Set(applications.flatMap(({ inputs }) => textOf(inputs, "displayName") ?? []))],
      isNameSecret: applications.some(({ inputs }) => isSecret(inputs["displayName"])),
      ...parts,
    };
  });
}

/** What the state says of the component's resource of a type; undefined where it has none, or does not say. */
export function outputOf({ known }: ComponentParts, type: string, output: string): string | undefined {
  const resource = known.find((one) => one.type === type && !one.delete);
  return resource && textOf(resource.outputs, output);
}

/** The application that the state knows, or that its credentials are on where it is not the stack's own. */
export function knownApplicationOf(parts: ComponentParts): KnownApplication | undefined {
  const appId = outputOf(parts, childTypes.application, "clientId");
  const applicationObjectId =
    outputOf(parts, childTypes.application, "objectId") ??
    (parts.own === undefined ? objectIdOfCredentials(parts) : undefined);
  if (applicationObjectId === undefined) return undefined;
  const { name, tenantDomain, own } = parts;
  return { name, appId, applicationObjectId, tenantDomain, isOwn: own !== undefined };
}

const credentialTypes: ReadonlySet<string> = new Set([
  childTypes.applicationCertificate,
  childTypes.federatedCredential,
]);

function objectIdOfCredentials({ known, planned }: ComponentParts): string | undefined {
  return [...planned, ...known]
    .filter(({ type }) => credentialTypes.has(type))
    .map(({ inputs }) => textOf(inputs, "applicationId")?.split("/").at(-1))
    .find((id) => id !== undefined);
}
