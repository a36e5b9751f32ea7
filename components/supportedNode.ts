import * as pulumi from "@pulumi/pulumi";

import { nodeProblem } from "../common/supportedNode.ts";

// Imported before everything else of ours: an older Node would fail later, with words of its own.
const problem = nodeProblem(process.version);
if (problem !== undefined) throw new pulumi.RunError(problem);
