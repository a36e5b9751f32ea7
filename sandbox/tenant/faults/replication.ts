import { badRequest, resourceNotFound, type GraphError } from "../graph/errors.ts";
import { isJsonObject, textOf, type Json } from "../json.ts";

/** When objects were created, for as long as somebody may not see them yet. */
export class Births {
  readonly #births = new Map<string, number>();

  /** Notes what an answer to a POST has created. */
  note(body: Json, now: Date): void {
    if (!isJsonObject(body)) return;
    for (const id of [textOf(body.id), textOf(body.appId)])
      if (id !== "") this.#births.set(id, now.getTime());
  }

  /** Whether this has been there for less than so many milliseconds. */
  isYounger(id: string, ms: number, now: Date): boolean {
    const birth = this.#births.get(id);
    return birth !== undefined && now.getTime() - birth < ms;
  }

  /** The ids in a text whose objects are that young. */
  youngIn(text: string, ms: number, now: Date): readonly string[] {
    return [...this.#births.keys()].filter((id) => this.isYounger(id, ms, now) && text.includes(id));
  }

  clear(): void {
    this.#births.clear();
  }
}

/** How Graph refuses a request that names an object which has not reached it. */
export function notReplicated(request: Request, id: string): GraphError {
  const isServicePrincipal =
    request.method === "POST" && new URL(request.url).pathname.endsWith("/servicePrincipals");
  return isServicePrincipal
    ? badRequest(`The appId '${id}' of the service principal does not reference a valid application object.`)
    : resourceNotFound(id);
}

/** A list without the objects that have not reached whoever answers it. */
export function withoutYoung(body: Json, isYoung: (id: string) => boolean): Json {
  if (!isJsonObject(body) || !Array.isArray(body.value)) return body;
  return {
    ...body,
    value: body.value.filter((item: Json) => !isJsonObject(item) || !isYoung(textOf(item.id))),
  };
}
