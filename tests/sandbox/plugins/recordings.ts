import { readdirSync, readFileSync } from "node:fs";

/** One call of the engine to an official plugin, and its answer. */
export interface RecordedCall {
  readonly call: string;
  readonly request: JsonObject;
  readonly response?: JsonObject;
  readonly errors?: readonly string[];
}

/** One request of the official azuread plugin to Graph, and the answer it got. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly request: unknown;
  readonly status: number;
  readonly response: unknown;
}

export interface JsonObject {
  readonly [name: string]: unknown;
}

const folder = new URL("../../fixtures/recordings/", import.meta.url);

/** The names of the recorded scenarios. */
export const scenarios: readonly string[] = readdirSync(new URL("plugin/", folder)).map((file) =>
  file.replace(".jsonl", ""),
);

export function recordedCalls(scenario: string): RecordedCall[] {
  return lines(`plugin/${scenario}.jsonl`);
}

export function recordedRequests(scenario: string): RecordedRequest[] {
  return lines(`graph/${scenario}.jsonl`);
}

/** What the official plugin's schema says, of what matters here. */
export interface RecordedSchema {
  readonly config: { readonly variables?: Record<string, PropertySpec> };
  readonly types: Record<
    string,
    { readonly properties: Record<string, PropertySpec>; readonly required?: readonly string[] }
  >;
  readonly resources: Record<string, ResourceSpec>;
  readonly functions: Record<string, FunctionSpec>;
}

export interface PropertySpec {
  readonly type?: string;
  readonly items?: PropertySpec;
  readonly additionalProperties?: PropertySpec;
  readonly $ref?: string;
  readonly secret?: boolean;
  readonly willReplaceOnChanges?: boolean;
}

export interface ResourceSpec {
  readonly properties: Record<string, PropertySpec>;
  readonly inputProperties: Record<string, PropertySpec>;
  readonly requiredInputs?: readonly string[];
}

export interface FunctionSpec {
  readonly inputs?: { readonly properties: Record<string, PropertySpec> };
  readonly outputs: { readonly properties: Record<string, PropertySpec> };
}

export function recordedSchema(plugin: string): RecordedSchema {
  return JSON.parse(readFileSync(new URL(`schema/${plugin}.json`, folder), "utf8"));
}

function lines<Line>(file: string): Line[] {
  const text = readFileSync(new URL(file, folder), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line): Line => JSON.parse(line));
}
