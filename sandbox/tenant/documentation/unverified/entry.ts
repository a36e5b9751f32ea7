/** A behavior of the sandbox's tenant that no source of Microsoft confirms. */
export interface Unverified {
  /** Its short name, in reports and on pages. It is released: it never changes, and no other belief gets it. */
  readonly id: string;
  readonly area: "Sign-in" | "Microsoft Graph" | "Exchange" | "Key Vault";
  /** What the tenant does. */
  readonly behaviour: string;
  /** What is known, and what is not. */
  readonly note: string;
}
