import { createRequire } from "node:module";

// For each resource Pulumi's SDK asks where in the program it stands, for which source-map-support reads the maps of the
// SDK itself: a tenth of a preview. This program needs none, since Node runs it as it is written.
const fromPulumi = createRequire(import.meta.resolve("@pulumi/pulumi"));
fromPulumi("source-map-support").install();
Error.prepareStackTrace = undefined;
