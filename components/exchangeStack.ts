import * as pulumi from "@pulumi/pulumi";

import {
  certificateOutputNames,
  optionalOutputNames,
  type OptionalName,
  type OutputName,
  outputNames,
} from "./outputs.ts";
import { problemsError } from "./problems.ts";

/** All outputs of `ExchangeAppOnlyAuth`, by their names, as another stack exports them. Secrets stay secret. */
export type ExchangeStackOutputs = {
  readonly [Name in OutputName]: pulumi.Output<Name extends OptionalName ? string | undefined : string>;
};

/**
 * Reads the outputs of another stack. That stack runs this project's program, or exports the component's outputs under
 * their own names.
 *
 * @param stack The reference to that stack.
 * @returns Each output as an `Output`.
 *
 * @example A job that runs with another stack's identity.
 * ```ts
 * import * as pulumi from "@pulumi/pulumi";
 * import { readExchangeStack } from "exchange-auth";
 *
 * const exchange = readExchangeStack(new pulumi.StackReference("organization/exchange-auth/contoso"));
 * export const connect = exchange.connectExchangeOnline;
 * ```
 *
 * @throws ResourceError if you use an output and the other stack lacks some. It names every output that is missing.
 */
export function readExchangeStack(stack: pulumi.StackReference): ExchangeStackOutputs {
  const required = outputNames.filter(
    (name) => !(optionalOutputNames as readonly OutputName[]).includes(name),
  );
  const complete = pulumi
    .all([
      stack.name,
      pulumi.all(required.map((name) => stack.getOutput(name))),
      pulumi.all(certificateOutputNames.map((name) => stack.getOutput(name))),
    ])
    .apply(([stackName, values, ofCertificate]) => {
      const lacking = required.filter((_, index) => values[index] === undefined);
      // A stack has all of a certificate, or nothing.
      const half = certificateOutputNames.filter((_, index) => ofCertificate[index] === undefined);
      const missing = half.length === certificateOutputNames.length ? lacking : [...lacking, ...half];
      if (missing.length > 0) throw missingOutputs(stackName, missing, lacking.length === required.length);
    });
  const outputs = outputNames.map((name) => [
    name,
    pulumi.all([complete, stack.getOutput(name)]).apply(([, value]) => value as unknown),
  ]);
  return Object.fromEntries(outputs) as ExchangeStackOutputs;
}

function missingOutputs(
  stackName: string,
  missing: readonly OutputName[],
  all: boolean,
): pulumi.ResourceError {
  const remedy = all
    ? "Check its name, and check that `pulumi up` has run in it."
    : "An older version of exchange-auth updated it last, or it does not export all outputs. Update it, and run `pulumi up` in it.";
  return problemsError({
    subject: `The stack "${stackName}"`,
    problems: [
      `lacks ${missing.length === 1 ? "the output" : "the outputs"} ${missing.map((name) => `\`${name}\``).join(", ")}. ${remedy}`,
    ],
  });
}
