/** Something in the tenant that the stack made and its state does not know. */
export interface Leftover {
  /** The component that it belongs to. */
  readonly component: string;
  readonly kind: "application" | "servicePrincipal" | "consent" | "roleAssignment" | "keyCredential";
  /** As azuread names it; of a keyCredential `OBJECT-ID/KEY-ID`. */
  readonly id: string;
  /** What it is, in words. */
  readonly title: string;
  /** `keep`: nothing is done, because somebody may be using it. */
  readonly action: "import" | "delete" | "keep";
  /** What it becomes in the state, where it is imported. */
  readonly urn?: string;
}
