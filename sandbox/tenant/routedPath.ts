import { graphRoutes } from "./graph/routes.ts";

/** The fixed segments of Graph's paths, by themselves in lower case: Graph does not tell case there. */
const segments = new Map(
  graphRoutes
    .flatMap(({ path }) => path.split("/"))
    .filter((segment) => /^[a-z]/i.test(segment))
    .map((segment) => [segment.toLowerCase(), segment]),
);

/**
 * The path of a request as the table of routes has it.
 *
 * Keys in parentheses, as in `/applications(appId='…')`, are segments to the table of routes; the segment
 * `myorganization`, which Graph takes before any path, is none, nor is a slash at the end.
 */
export function routedPath(request: Request): string {
  const { pathname } = new URL(request.url);
  const [, version, rest] = /^\/(v1\.0|beta)(?:\/myorganization)?(\/.*)$/i.exec(pathname) ?? [];
  if (version === undefined || rest === undefined) return pathname;
  const path = rest
    .replace(/(.)\/$/, "$1")
    .split("/")
    // A function without parameters goes with parentheses and without.
    .map((segment) => segment.replace(/\bdelta\(\)$/i, "delta"))
    .map((segment) => spelled(segment) ?? segment.replaceAll("%27", "'"))
    .map(keyedSegment)
    .join("/");
  return `/${version.toLowerCase()}${path}`;
}

/**
 * A segment as the table of routes spells it; undefined for one that it does not have. Types and functions go by their
 * short names, by their qualified ones, and by those with the alias `graph`, which Microsoft's libraries send.
 */
function spelled(segment: string): string | undefined {
  const name = segment.toLowerCase();
  const short = name.replace(/^(?:microsoft\.)?graph\./, "");
  if (short === name) return segments.get(name);
  return segments.get(`microsoft.graph.${short}`) ?? segments.get(short);
}

/** A collection with a key in parentheses as two segments: the object's id, or `NAME=` and its other key. */
function keyedSegment(segment: string): string {
  const [, collection = "", name, value = ""] = /^(\w+)\((?:(\w+)=)?'([^'/]+)'\)$/.exec(segment) ?? [];
  const known = segments.get(collection.toLowerCase());
  if (known === undefined) return segment;
  return `${known}/${name === undefined ? "" : `${alternateKeys.get(name.toLowerCase()) ?? name}=`}${value}`;
}

/** The other keys that objects go by, by themselves in lower case. */
const alternateKeys = new Map([
  ["appid", "appId"],
  ["name", "name"],
  ["roletemplateid", "roleTemplateId"],
  ["uniquename", "uniqueName"],
]);
