/** Markup of a page, in which every text of others is escaped. */
export class Markup {
  readonly text: string;

  /** @param text trusted as it is */
  constructor(text: string) {
    this.text = text;
  }
}

/** What a page is made of. A text is escaped; nothing is nothing. */
export type Content = string | number | Markup | undefined | readonly Content[];

/** Markup with content in it, as text or as an attribute's value between double quotes. */
export function markup(literals: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(String.raw({ raw: literals }, ...contents.map(textOf)));
}

function textOf(content: Content): string {
  if (content === undefined) return "";
  if (content instanceof Markup) return content.text;
  if (typeof content === "object") return content.map(textOf).join("");
  return String(content).replaceAll(/[&<>"']/g, (character) => entities[character] ?? "");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A section with a table that scrolls by itself where it is too wide, by keyboard too. */
export function tableSection(id: string, title: string, before: Content, table: Markup): Markup {
  return markup`<section>
<h2 id="${id}-title">${title}</h2>
${before}
<div class="scroll" role="region" aria-labelledby="${id}-title" tabindex="0">
${table}
</div>
</section>`;
}

/** The head of a table. */
export function tableHead(columns: readonly Content[]): Markup {
  return markup`<thead><tr>${columns.map((column) => markup`<th scope="col">${column}</th>`)}</tr></thead>`;
}
