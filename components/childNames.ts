import { createHash } from "node:crypto";

/** A child's name, and what tells it from others whose names come out alike. */
export interface NamedChild {
  readonly name: string;
  /** Without regard to case: a user's principal name, a permission's value. */
  readonly identity: string;
}

/**
 * The names of children of one type, all different: where two come out alike, as of `a.b@contoso.com` and
 * `a-b@contoso.com`, the later one gets a part of its own. The first keeps the released name, so that a user who joins the
 * list renames nobody.
 */
export function childNames(children: readonly NamedChild[]): readonly string[] {
  return children.map(({ name, identity }, index) => {
    const isTaken = children.slice(0, index).some((other) => other.name === name);
    if (!isTaken) return name;
    return `${name}-${createHash("sha256").update(identity.toLowerCase()).digest("hex").slice(0, 8)}`;
  });
}
