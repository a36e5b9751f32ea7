import { expect, test } from "vitest";

import { createGrammarCheck, isTerm } from "../../../scripts/prose/grammar.ts";

test.each(["keyCredential", "AADSTS50013", "PFX's", "Pulumi's", "azuread", "v1"])("%s is a term", (word) => {
  expect(isTerm(word)).toBe(true);
});

test.each(["certifikate", "Recieve", "licence"])("%s is no term", (word) => {
  expect(isTerm(word)).toBe(false);
});

test("finds a wrong article and a wrong word, by line, and nothing in code or in the field's words", async () => {
  const check = await createGrammarCheck();
  const page = `# Entra and azuread

\`\`\`sh
certifikate --an key
\`\`\`

Pulumi keeps an certificate. The \`certifikate\` is a keyCredential.
You recieve a PFX.
`;
  expect(await check(page)).toEqual([
    expect.stringMatching(/^7: .*\("an"\)$/),
    expect.stringMatching(/^8: .*\("recieve"\)$/),
  ]);
});
