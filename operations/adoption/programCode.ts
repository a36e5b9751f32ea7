import { visibleJson } from "../../common/foreignText.ts";
import type { AdoptedSettings } from "./declaration.ts";

/** The TypeScript of a component with these arguments. */
export function programCode(name: string, settings: AdoptedSettings): string {
  // JSON is TypeScript, but for its style: names without quotes.
  const literal = visibleJson(settings, 2).replaceAll(/^(\s*)"(\w+)":/gm, "$1$2:");
  return `import { ExchangeAppOnlyAuth } from "exchange-auth";

export const exchange = new ExchangeAppOnlyAuth(${visibleJson(name)}, ${literal});
`;
}
