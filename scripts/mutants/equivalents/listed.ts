/** Changes of one file that are equivalent for one reason. */
export interface Listed {
  readonly file: string;
  readonly reason: string;
  /** The code, and what Stryker puts in its place. */
  readonly changes: readonly (readonly [original: string, replacement: string])[];
}

export const forTypes = "The condition tells the compiler what the code around it implies.";
export const leftOut = "A property that is undefined is one that is left out.";
export const noValue = "A function that ends without a value gives undefined, too.";
export const spelling = "Both spellings make one of two names that differ in their case alone.";
