/** What every application of a component's description begins with. Released texts never change. */
export function ownDescription(project: string, stack: string, component: string): string {
  return `exchange-auth ${project}/${stack}/${component}`;
}

/** The description of an application that was made with a marker: the component's own, and the marker beside it. */
export function markedDescription(own: string, marker: string): string {
  return `${own} ${marker}`;
}

/** Whether a description is one of the component's, with a marker or, as in 0.1.0, without. */
export function isDescribedAsOwn(description: string | null | undefined, own: string): boolean {
  return description === own || description?.startsWith(markedDescription(own, "")) === true;
}

/** The name of the child that holds a component's marker: a random id that is in the state before the application is made. */
export function markerName(component: string): string {
  return `${component}-marker`;
}

/**
 * The name of the child that records that an application was known with a marker.
 *
 * Its keepers are that marker and that application's client ID. A description is public, so the marker proves nothing
 * about another application from then on.
 */
export function markerUsedName(component: string): string {
  return `${component}-marker-used`;
}
