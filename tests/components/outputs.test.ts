import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";

import { optionalOutputNames, outputNames, outputsOf } from "../../components/outputs.ts";

const complete = Object.fromEntries(outputNames.map((name) => [name, pulumi.output(name)])) as Parameters<
  typeof outputsOf
>[0];

test("are those that the component has, and nothing else of it", () => {
  const component = { ...complete, urn: pulumi.output("urn") };
  expect(Object.keys(outputsOf(component))).toEqual(outputNames);
  const without = Object.fromEntries(optionalOutputNames.map((name) => [name, undefined]));
  expect(outputsOf({ ...complete, ...without })).toEqual(
    Object.fromEntries(
      outputNames
        .filter((name) => !optionalOutputNames.some((optional) => optional === name))
        .map((name) => [name, complete[name]]),
    ),
  );
});
