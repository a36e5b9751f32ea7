import * as fc from "fast-check";
import { expect, test } from "vitest";
import { clipped, visible, visibleJson, visibleLines, visibleValues } from "../../common/foreignText.ts";
import { acts, hostileText } from "../hostileText.ts";

test.each([
  ["an escape sequence", "\u001b[2J", String.raw`\u{1b}[2J`],
  ["a C1 control, which begins one, too", "\u009b2J", String.raw`\u{9b}2J`],
  ["a line's end", "a\r\nb\u2028c", String.raw`a\u{d}\u{a}b\u{2028}c`],
  ["marks that turn text around", "\u202eevil\u2066", String.raw`\u{202e}evil\u{2066}`],
  [
    "marks that nobody sees",
    "a\u200bb\ufe0fc\u{e0041}d\u3164",
    String.raw`a\u{200b}b\u{fe0f}c\u{e0041}d\u{3164}`,
  ],
  ["half a character", "a\ud83d", String.raw`a\u{d83d}`],
  ["Azure Pipelines' commands", "x ##vso[task.complete]", String.raw`x \u{23}#vso[task.complete]`],
  ["and its formatting", "##[error]x ###[x", String.raw`\u{23}#[error]x #\u{23}#[x`],
  ["GitHub's commands", " ::error::x", String.raw` \u{3a}:error::x`],
  ["GitLab's sections", "section_start:1:x", String.raw`section\u{5f}start:1:x`],
])("%s", (_what, text, shown) => {
  expect(visible(text)).toBe(shown);
});

test("leaves what people write as it is", () => {
  const text = 'Müller & Söhne 日本語 👍 "x" \\ C:\\temp #1 a::b';
  expect(visible(text)).toBe(text);
});

test("lines of a message stay lines, and none of them begins a command", () => {
  expect(visibleLines("a\r\n\t* b\n::error::c")).toBe(`a\n  * b\n${String.raw`\u{3a}:error::c`}`);
});

test("every text in a value, and nothing else", () => {
  expect(visibleValues({ a: ["\u0007"], b: { c: "\u0007", d: 1, e: undefined, f: null, g: true } })).toEqual({
    a: [String.raw`\u{7}`],
    b: { c: String.raw`\u{7}`, d: 1, e: undefined, f: null, g: true },
  });
});

test("whatever it is made of, nothing acts in it, also where it is made safe twice", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      expect(acts(visible(text))).toEqual([]);
      expect(acts(visibleLines(text))).toEqual([]);
      expect(visible(visible(text))).toBe(visible(text));
    }),
  );
});

test("JSON says the same to who parses it, and nothing acts in it", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      for (const space of [undefined, 2]) {
        const json = visibleJson({ text, list: [text] }, space);
        expect(acts(json)).toEqual([]);
        // A half of a character is written as its escape, and so read again.
        expect(JSON.parse(json)).toEqual({ text, list: [text] });
      }
    }),
  );
});

test("cuts no character in half", () => {
  expect(["ab👍🏽c", "abc"].map((text) => clipped(text, 4))).toEqual(["ab", "abc"]);
  expect(clipped("ab👍c", 4)).toBe("ab👍");
});
