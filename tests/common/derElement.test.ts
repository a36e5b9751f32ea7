import { expect, test } from "vitest";

import { derChildren, derElements } from "../../common/derElement.ts";

function read(
  bytes: Buffer,
): readonly (readonly [tag: number, whole: number, content: string])[] | undefined {
  return derElements(bytes)?.map(({ tag, bytes: whole, content }) => [
    tag,
    whole.length,
    content.length > 8 ? `${content.length}` : content.toString("hex"),
  ]);
}

function long(lengthOctets: readonly number[], length: number): Buffer {
  return Buffer.concat([
    Buffer.from([0x04, 0x80 + lengthOctets.length, ...lengthOctets]),
    Buffer.alloc(length),
  ]);
}

test.each([
  [Buffer.alloc(0), []],
  [Buffer.from("0500", "hex"), [[5, 2, ""]]],
  [
    Buffer.from("020101040200ff", "hex"),
    [
      [2, 3, "01"],
      [4, 4, "00ff"],
    ],
  ],
  [Buffer.concat([Buffer.from([0x04, 0x7f]), Buffer.alloc(0x7f)]), [[4, 129, "127"]]],
  [long([0x80], 0x80), [[4, 131, "128"]]],
  [long([0x01, 0x00], 0x100), [[4, 260, "256"]]],
  [long([0x00, 0x00, 0x00, 0x09], 9), [[4, 15, "9"]]],
])("whole elements, case %#", (bytes, elements) => {
  expect(read(bytes)).toEqual(elements);
});

test.each([
  ["a tag alone", Buffer.from("04", "hex")],
  ["content that is cut off", Buffer.from("040201", "hex")],
  ["a second element that is cut off", Buffer.from("05000402", "hex")],
  ["a length that is cut off", Buffer.from("048201", "hex")],
  ["a long length whose content is cut off", long([0x80], 0x7f)],
  ["an indefinite length", Buffer.from("308005000000", "hex")],
  ["a length of five octets", long([0, 0, 0, 0, 1], 1)],
])("%s is none", (_, bytes) => {
  expect(derElements(bytes)).toBeUndefined();
});

test("the elements inside of one", () => {
  const [sequence] = derElements(Buffer.from("30050201010500", "hex")) ?? [];
  expect(derChildren(sequence).map(({ tag }) => tag)).toEqual([2, 5]);
  const [text] = derElements(Buffer.from("0c024142", "hex")) ?? [];
  expect(derChildren(text)).toEqual([]);
  expect(derChildren(undefined)).toEqual([]);
});
