/** Something in the tenant that the stack made, or that says so, and that its state does not know. */
export interface Leftover {
  /** The component that it belongs to. */
  readonly component: string;
  readonly kind:
    | "application"
    | "servicePrincipal"
    | "consent"
    | "roleAssignment"
    | "keyCredential"
    | "federatedCredential";
  /** As azuread names it; of a keyCredential `OBJECT-ID/KEY-ID`. */
  readonly id: string;
  /** What it is, in words. */
  readonly title: string;
  /** `keep`: nothing is done, because it is not proven to be the stack's own; `reasons` says why. */
  readonly action: "import" | "delete" | "keep";
  /** What it becomes in the state, where it is imported. */
  readonly urn?: string;
  /** Why it is not known to be the stack's alone, in words; absent where nothing speaks against it. */
  readonly reasons?: readonly string[];
  /** All that can sign in as it, change it, or that it may do, in words; absent where it is not looked at. */
  readonly hangs?: readonly string[];
  /** What to know of an import, in words. */
  readonly note?: string;
}
