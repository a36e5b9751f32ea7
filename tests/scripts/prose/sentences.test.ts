import { expect, test } from "vitest";

import { averageOf, runningText, sentenceLengths } from "../../../scripts/prose/sentences.ts";

const page = `# A heading that is no sentence

First sentence with \`code of three words\`. A [link](page.md) counts as its
text (and so do brackets).

- An item, with **bold** words
- \`exo-auth audit\` finds it. It ends.

| a table | is left out |
| ------- | ----------- |

\`\`\`sh
npm start. And again.
\`\`\`
`;

test("takes paragraphs and items, and leaves out headings, tables and blocks", () => {
  expect(runningText(page)).toEqual([
    "First sentence with code. A link counts as its text (and so do brackets).",
    "An item, with bold words",
    "code finds it. It ends.",
  ]);
});

test("counts the words of each sentence, code as one", () => {
  expect(sentenceLengths(page)).toEqual([4, 10, 5, 3, 2]);
});

test("has the mean with one decimal", () => {
  expect(averageOf([4, 10, 5, 3, 3])).toBe(5);
  expect(averageOf([1, 1, 2])).toBe(1.3);
  expect(averageOf([])).toBe(0);
});
