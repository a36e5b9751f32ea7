import type { Mutant } from "./instrument.ts";

/** A mutant that no test can notice, as what the code does stays the same; wherever in the file it stands now. */
export interface Equivalent extends Pick<Mutant, "file" | "original" | "replacement"> {
  readonly reason: string;
}

const forTypes = "The condition tells the compiler what the code around it implies.";

export const equivalents: readonly Equivalent[] = [
  {
    file: "components/arguments/argumentKeys.ts",
    original: "parent !== undefined",
    replacement: "true",
    reason: forTypes,
  },
  {
    file: "components/tenant.ts",
    original: "environment === undefined",
    replacement: "false",
    reason: forTypes,
  },
  {
    file: "components/connectCommands.ts",
    original: "value?.startsWith",
    replacement: "value.startsWith",
    reason: "What has no value was left out before.",
  },
  {
    file: "components/configuration.ts",
    original: "text === undefined",
    replacement: "false",
    reason: "The keys are those that the configuration has.",
  },
  {
    file: "components/configuration.ts",
    original: "value === undefined",
    replacement: "false",
    reason: "The keys are those that the configuration has.",
  },
  {
    file: "components/pfx/pfxContent.ts",
    original: "key === undefined || certificate === undefined",
    replacement: "false",
    reason: forTypes,
  },
  {
    file: "components/pfx/pfxContent.ts",
    original: "key === undefined || certificate === undefined",
    replacement: "key === undefined && certificate === undefined",
    reason: forTypes,
  },
  {
    file: "components/pfx/pfxContent.ts",
    original: "certificate === undefined",
    replacement: "false",
    reason: forTypes,
  },
  {
    file: "components/pfx/pfxContent.ts",
    original: "key === undefined",
    replacement: "false",
    reason: forTypes,
  },
  {
    file: "components/pfx/pfxContent.ts",
    original: "{\n    return undefined;\n  }",
    replacement: "{}",
    reason: "A function that ends without a value gives undefined, too.",
  },
  {
    file: "components/certificate/weakness.ts",
    original: "{\n    return undefined;\n  }",
    replacement: "{}",
    reason: "A function that ends without a value gives undefined, too.",
  },
  {
    file: "components/certificate/certificateContent.ts",
    original: "{\n    return false;\n  }",
    replacement: "{}",
    reason: "Its one caller asks whether it is true.",
  },
  {
    file: "components/certificate/certificateContent.ts",
    original: "part !== undefined",
    replacement: "true",
    reason: forTypes,
  },
  {
    file: "components/certificate/certificateContent.ts",
    original: "parts.filter((part) => part !== undefined)",
    replacement: "parts",
    reason: forTypes,
  },
];

/** Whether a mutant is the one that is listed. */
export function isListed(mutant: Mutant, { file, original, replacement }: Equivalent): boolean {
  return mutant.file === file && mutant.original === original && mutant.replacement === replacement;
}
