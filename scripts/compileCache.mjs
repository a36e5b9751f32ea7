import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

// Node keeps what it has compiled, without the types, so that the next start takes less.
enableCompileCache(fileURLToPath(new URL("../node_modules/.cache/exchange-auth", import.meta.url)));
