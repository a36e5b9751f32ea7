/** What would fail if a promise were broken: a file below tests/ and the title of a test in it, as it is written there. */
export type Proof =
  | readonly [file: string, title: string]
  /** Nothing here would fail, and why. */
  | { readonly unproved: string };

/** Promises by page, and by an id that stays when their sentence changes. */
export type Promises = Readonly<Record<string, Readonly<Record<string, Proof>>>>;

export const onMicrosoft = { unproved: "it needs a tenant of Microsoft's, and no test has one" };
export const onWindows = { unproved: "it needs Windows, which no test runs on" };
export const onPlatform = {
  unproved: "it is what the platform's documentation says; no job has run on the platform",
};
export const judgement = {
  unproved: "it is a comparison or advice, not something that this repository does",
};
