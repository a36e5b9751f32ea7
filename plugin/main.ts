// oxlint-disable-next-line import/no-unassigned-import -- It keeps what is compiled of all that follows.
import "./compileCache.ts";

import { readFileSync } from "node:fs";
import path from "node:path";

import * as provider from "@pulumi/pulumi/provider/index.js";

import { componentProvider } from "./componentProvider.ts";

// Runs with the engine's address. It lies below the folder that has the schema.
const schema = readFileSync(path.join(__dirname, "../schema.json"), "utf8");
void provider.main(componentProvider(schema), process.argv.slice(2));
