// Prints each resource that `pulumi preview --json` creates in an empty stack, in an order that two plans share, and to
// standard error what is wrong with the plan.
import { readFileSync } from "node:fs";

const { steps = [], diagnostics = [] } = JSON.parse(readFileSync(0, "utf8"));
// What stands for a value that only an update knows.
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const resources = steps
  .filter(({ newState }) => newState !== undefined && !newState.type.startsWith("pulumi:"))
  .map(({ urn, newState: { type, inputs = {} } }) => {
    const properties = Object.keys(inputs)
      .filter((name) => !name.startsWith("__"))
      .toSorted()
      .map((name) => `  ${name}: ${JSON.stringify(inputs[name]).replaceAll(unknown, "known afterwards")}`);
    return [`${type} ${urn.split("::").slice(3).join("::")}`, ...properties].join("\n");
  });
for (const resource of resources.toSorted()) process.stdout.write(`${resource}\n`);
for (const { severity, message } of diagnostics) {
  if (severity === "error") process.stderr.write(`${message.trim()}\n`);
}
