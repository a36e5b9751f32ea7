/** Something in the tenant that becomes a resource of the stack. */
export interface AdoptedResource {
  readonly urn: string;
  /** As the plugin names it. */
  readonly id: string;
  /** What it is, in words. */
  readonly title: string;
}
