import type { TestProject } from "vitest/node";

import { installPythonTools } from "./pythonTools.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Why the tools in Python that are missing were not installed, as the end of a sentence. */
    readonly noPythonTools: string;
  }
}

/** A full run installs what some tests use of other people's; a daily one uses what a full one has installed. */
export default function setup(project: TestProject): void {
  const isFull = project.vitest.projects.some(({ name }) => name === "full");
  const reason = isFull ? installPythonTools() : "`npm run test:all` installs it";
  project.provide("noPythonTools", reason ?? "it was installed and cannot be used");
}
