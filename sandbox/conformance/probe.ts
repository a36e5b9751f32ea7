import { isJsonObject, textOf, type Json, type JsonObject } from "../tenant/json.ts";
import { compareAnswers, type Comparing } from "./compare.ts";
import { observe, type Observation } from "./observation.ts";
import type { OwnedKind } from "./ownedKinds.ts";
import type { Answer, TargetRequest } from "./target.ts";
import type { GraphSent, Workplace } from "./workplace.ts";

/** Ends a case: the person does not have the rights for a request. */
export class NotPermitted extends Error {
  override readonly name = "NotPermitted";
  readonly request: string;

  constructor(request: string) {
    super(`${request} is not permitted.`);
    this.request = request;
  }
}

/** What a command did. */
export interface CommandAnswer {
  readonly exitCode: number;
  /** What is compared of its result. */
  readonly shown: Json;
}

/**
 * Makes the requests of one case and notes what is answered. Where another tenant's answers are known, a request that
 * can be repeated is repeated until its answer is the same: that is how long the tenant takes.
 */
export class Probe {
  readonly workplace: Workplace;
  readonly seen: Observation[] = [];
  readonly #expected: readonly Observation[] | undefined;
  readonly #comparing: Comparing;

  constructor(workplace: Workplace, expected: readonly Observation[] | undefined, comparing: Comparing) {
    this.workplace = workplace;
    this.#expected = expected;
    this.#comparing = comparing;
  }

  /** A request to Graph, as the person. @param isForeign whether it lists what the tenant has. By default its path says it */
  async ask(
    method: TargetRequest["method"],
    path: string,
    body?: Json,
    { isForeign: given, ...sent }: GraphSent & { readonly isForeign?: boolean } = {},
  ): Promise<Answer> {
    const whole = body === undefined ? sent : { ...sent, body };
    const decoded = decodeURIComponent(path);
    const isForeign = given ?? (method === "GET" && !this.workplace.isOwn(decoded));
    return this.#observe(`${method} ${decoded}`, method === "GET", isForeign, () =>
      this.workplace.graph(method, path, whole),
    );
  }

  /** A question that Graph takes as a POST, and that changes nothing. */
  async question(path: string, body: Json): Promise<Answer> {
    return this.#observe(`POST ${path}`, true, false, () => this.workplace.graph("POST", path, { body }));
  }

  /** The creation of an object that this case is about. @returns its ID; empty where it was refused */
  async create(
    kind: OwnedKind,
    label: string,
    key: string,
    body: Json,
  ): Promise<{ answer: Answer; id: string }> {
    let id = "";
    const answer = await this.#observe(`create ${label}`, false, false, async () => {
      const created = await this.workplace.create(kind, label, { key, body });
      id = created.id;
      return created.answer;
    });
    return { answer, id };
  }

  /** A sign-in. @param title what is special about it */
  async signIn(title: string, form: Readonly<Record<string, string>>): Promise<Answer> {
    return this.#observe(`sign-in ${title}`, true, false, () => this.workplace.signIn(form));
  }

  /** A cmdlet of Exchange Online. @param title what is special about it */
  async invoke(title: string, cmdlet: string, parameters: JsonObject, token: string): Promise<Answer> {
    return this.#observe(`${cmdlet} ${title}`, cmdlet.startsWith("Get-"), cmdlet.startsWith("Get-"), () =>
      this.workplace.invoke(cmdlet, parameters, token),
    );
  }

  /** A command on a stack of the run's own. Its exit code counts as the status. */
  async command(
    title: string,
    { isRepeatable, send }: { readonly isRepeatable: boolean; readonly send: () => Promise<CommandAnswer> },
  ): Promise<number> {
    const { status } = await this.#observe(title, isRepeatable, false, async () => {
      const { exitCode, shown } = await send();
      return { status: exitCode, headers: {}, body: shown, text: "" };
    });
    return status;
  }

  async #observe(
    request: string,
    isRepeatable: boolean,
    isForeign: boolean,
    send: () => Promise<Answer>,
  ): Promise<Answer> {
    const { workplace } = this;
    const wanted = this.#expected?.[this.seen.length];
    for (let [waited, wait] = [0, 1000]; ; waited += wait, wait = Math.min(wait * 2, 15_000)) {
      const answer = await send();
      const seen = observe(answer, { request, labels: workplace.labels, isForeign, seconds: waited / 1000 });
      if (wanted !== undefined && isRefused(answer) && wanted.status < 400)
        throw new NotPermitted(seen.request);
      const isSame = wanted === undefined || compareAnswers(wanted, seen, this.#comparing).length === 0;
      const isOver = waited + wait > workplace.options.limits.settleMs;
      if (isSame || isOver || !(isRepeatable || answer.status === 404)) {
        this.seen.push(seen);
        return answer;
      }
      await workplace.pause(wait);
    }
  }
}

function isRefused({ status, body }: Answer): boolean {
  const error = isJsonObject(body) ? body.error : undefined;
  return status === 403 && isJsonObject(error) && textOf(error.code) === "Authorization_RequestDenied";
}
