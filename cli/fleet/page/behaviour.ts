/** What `behaviour` uses of an element. */
interface Element {
  hidden: boolean;
  textContent: string | null;
  readonly dataset: Record<string, string | undefined>;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  getAttribute(name: string): string | null;
  addEventListener(event: "input" | "click", listener: () => void): void;
  append(...children: readonly Element[]): void;
  closest(selector: string): Element | null;
  querySelectorAll(selector: string): Iterable<Element>;
}

/** What `behaviour` uses of a page. */
interface Page {
  querySelectorAll(selector: string): Iterable<Element>;
}

/**
 * What the page does besides being read: it filters and sorts the table of tenants, and takes "in order" away from a check
 * that has become older than a day.
 *
 * This function runs in a browser, from its own source text: it must use nothing from outside itself.
 */
export function behaviour(page: Page, now: number): void {
  const all = (selector: string): readonly Element[] => [...page.querySelectorAll(selector)];
  const rows = all("#page-tenants tbody tr");
  const dayMs = 86_400_000;

  const aged = all("[data-began]").filter(
    ({ dataset }) =>
      (dataset["state"] === "inOrder" || dataset["state"] === "partial") &&
      !(now - Date.parse(dataset["began"] ?? "") <= dayMs),
  );
  for (const element of aged) {
    element.dataset["state"] = "stale";
    for (const word of element.querySelectorAll(".state")) word.textContent = "older than a day";
  }
  if (aged.length > 0) {
    for (const note of all("#page-aged")) note.hidden = false;
    for (const total of all("#page-totals [data-state=inOrder], #page-totals [data-state=partial]")) {
      total.dataset["state"] = "stale";
    }
  }

  const [text] = all("#page-filter") as readonly (Element & { readonly value: string })[];
  const [state] = all("#page-state") as readonly (Element & { readonly value: string })[];
  const [count] = all("#page-count");
  const filter = (): void => {
    const words = (text?.value ?? "").toLowerCase().split(/\s+/);
    let shown = 0;
    for (const row of rows) {
      const content = (row.textContent ?? "").toLowerCase();
      const isShown =
        words.every((word) => content.includes(word)) &&
        (!state?.value || row.dataset["state"] === state.value);
      row.hidden = !isShown;
      if (isShown) shown += 1;
    }
    if (count !== undefined) count.textContent = `${shown} of ${rows.length} shown`;
  };
  text?.addEventListener("input", filter);
  state?.addEventListener("input", filter);
  for (const controls of all("#page-controls")) controls.hidden = false;
  filter();

  const [body] = all("#page-tenants tbody");
  const heads = all("#page-tenants thead th");
  heads.forEach((head, column) => {
    const valueOf = (row: Element): string => {
      const cell = [...row.querySelectorAll("th, td")][column];
      return cell?.dataset["value"] ?? cell?.textContent ?? "";
    };
    const sort = (): void => {
      const isAscending = head.getAttribute("aria-sort") !== "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", isAscending ? "ascending" : "descending");
      const sorted = rows
        .map((row) => ({ row, value: valueOf(row) }))
        .toSorted((a, b) => {
          // A row without a value comes last in both directions.
          if (a.value === "" || b.value === "") return Number(a.value === "") - Number(b.value === "");
          const order = a.value.localeCompare(b.value, "en", { numeric: true });
          return isAscending ? order : -order;
        });
      body?.append(...sorted.map(({ row }) => row));
    };
    for (const button of head.querySelectorAll("button")) button.addEventListener("click", sort);
  });
}
