/** One element of a DER encoding. */
export interface DerElement {
  /** The identifier's octet, such as 0x30 for a SEQUENCE. */
  readonly tag: number;
  /** The element whole, its header too. */
  readonly bytes: Buffer;
  readonly content: Buffer;
}

/** Tags that tell one kind of key or certificate file from another. */
export const derTag = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  sequence: 0x30,
  context0: 0xa0,
} as const;

/** The elements that follow one another in `bytes`; undefined where `bytes` is not made of whole elements. */
export function derElements(bytes: Buffer): readonly DerElement[] | undefined {
  const elements: DerElement[] = [];
  for (let start = 0; start < bytes.length;) {
    const element = derElement(bytes.subarray(start));
    if (element === undefined) return undefined;
    elements.push(element);
    start += element.bytes.length;
  }
  return elements;
}

/** The elements inside of one that is made of others; none where it is not. */
export function derChildren(element: DerElement | undefined): readonly DerElement[] {
  return element === undefined ? [] : (derElements(element.content) ?? []);
}

function derElement(bytes: Buffer): DerElement | undefined {
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined) return undefined;
  const lengthOctets = first < 0x80 ? 0 : first - 0x80;
  // DER has no indefinite length, and nothing here is longer than four octets can say.
  if (first === 0x80 || lengthOctets > 4 || bytes.length < 2 + lengthOctets) return undefined;
  const start = 2 + lengthOctets;
  const length = lengthOctets === 0 ? first : bytes.readUIntBE(2, lengthOctets);
  if (bytes.length < start + length) return undefined;
  return { tag, bytes: bytes.subarray(0, start + length), content: bytes.subarray(start, start + length) };
}
