/** Something that the component has no argument for, and that an update leaves alone. */
export interface Undeclared {
  /** What it is, in words. */
  readonly title: string;
  /** What can be done about it, in words. */
  readonly choice: string;
}
