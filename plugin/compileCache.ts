import { enableCompileCache } from "node:module";
import path from "node:path";

// Beside the packages, where nobody writes who could not change their code too. `main` imports this file first.
const packages = path.join(path.dirname(require.resolve("@pulumi/pulumi/package.json")), "../..");
enableCompileCache(process.env["NODE_COMPILE_CACHE"] ?? path.join(packages, ".cache", "exchange-auth"));
