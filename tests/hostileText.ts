import * as fc from "fast-check";

const parts = [
  "Jobs",
  " ",
  "\n",
  "\r",
  "\t",
  "\u0000",
  "\u0007",
  "\u001b[2J",
  "\u001b]0;t\u0007",
  "\u009b31m",
  "\u0085",
  "\u200b",
  "\u200d",
  "\u202e",
  "\u2066",
  "\u2028",
  "\ufeff",
  "\u{e0041}",
  "\ud83d",
  "👍",
  "##vso[task.setvariable variable=PATH]x",
  "#",
  "##[error]",
  "::error::x",
  ":",
  "::set-output name=a::b",
  "section_start:1:x",
  "section",
  "_end:1:x",
  "[click](https://evil.example/x)",
  "<https://evil.example>",
  "https://evil.example/y",
  "www.evil.example",
  "mail@evil.example",
  "@team",
  "<img src=x>",
  "&#64;team",
  "`",
  "``",
  "|",
  "\\",
  "]]>",
  "</testcase>",
  "=cmd()",
  "*",
  "_",
  "~",
  "$(id)",
  "'",
  '"',
] as const;

/** A text as somebody would write it who wants it to act where it is printed. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...parts) }, fc.string({ unit: "grapheme" })), {
    maxLength: 8,
  })
  .map((found) => found.join(""));

/** What in a printed text would act: our own colours and line ends do not. */
export function acts(printed: string): readonly string[] {
  // oxlint-disable-next-line no-control-regex
  const text = printed.replaceAll(/\u001b\[\d+m/g, "");
  const found = [
    ...(text.match(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu) ?? []),
    ...(text.match(/##(?:vso)?\[|section_(?:start|end):/gi) ?? []),
    ...text.split("\n").filter((line) => /^\s*::/.test(line)),
  ];
  return found.filter((one) => one !== "\n");
}
