// Pulumi compiles a pack whose entry is TypeScript with a compiler of its own. Node reads this one itself.
import "./index.ts";
