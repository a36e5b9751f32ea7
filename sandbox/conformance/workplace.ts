import { rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { PluginSource } from "../commands/arguments.ts";
import type { Json, JsonObject } from "../tenant/json.ts";
import { isJsonObject, textOf } from "../tenant/json.ts";
import type { RunResult } from "../workspace/runCommand.ts";
import { sandboxFolder } from "../workspace/sandboxFolder.ts";
import type { StackWorkspace } from "../workspace/workspace.ts";
import type { RunCertificates } from "./credentials.ts";
import { Labels } from "./labels.ts";
import type { Ledger } from "./ledger.ts";
import { type OwnedKind, settingsOf } from "./ownedKinds.ts";
import type { Answer, Target, TargetRequest } from "./target.ts";
import { makeWorkFolder } from "./workFolder.ts";

/** What a run may take. */
export interface Limits {
  readonly requests: number;
  readonly ms: number;
  /** How long an answer that is not as expected is asked for again, and something new is waited for. */
  readonly settleMs: number;
}

/** What a run works with. */
export interface WorkplaceOptions {
  readonly target: Target;
  readonly ledger: Ledger;
  readonly certificates: RunCertificates;
  /** The beginning of every name that the run gives, which nobody else uses. */
  readonly mark: string;
  readonly limits: Limits;
  /** What Pulumi's engine runs. @default the official plugins */
  readonly plugins?: PluginSource;
  readonly signal?: AbortSignal;
  /** The clock that limits go by. @default this machine's */
  readonly now?: () => Date;
  /** Waits. @default on this machine's clock */
  readonly pause?: (ms: number) => Promise<unknown>;
}

/** A request to Microsoft Graph. */
export interface GraphSent {
  readonly body?: Json;
  /** A body that is not JSON. */
  readonly raw?: { readonly type: string; readonly content: string | Uint8Array };
  /** @default the person's */
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Ends the whole run: a limit is reached, or somebody pressed Ctrl-C. */
export class RunEnded extends Error {
  override readonly name = "RunEnded";
  readonly reason: "requests" | "time" | "cancelled";

  constructor(reason: RunEnded["reason"]) {
    super(`The run ends: ${reason}.`);
    this.reason = reason;
  }
}

/** Ends a case whose objects could not be made ready. */
export class NotPrepared extends Error {
  override readonly name = "NotPrepared";
  /** What was wanted, and the status and code of the answer, with labels. */
  readonly what: string;

  constructor(what: string, { status, body }: Pick<Answer, "status" | "body">) {
    const error = isJsonObject(body) ? body.error : undefined;
    const code = isJsonObject(error) ? textOf(error.code) : textOf(error);
    super(`${what}: ${status} ${code}`.trim());
    this.what = this.message;
  }
}

/** Where a run works: it sends requests within limits, and writes to nothing but what it has created. */
export class Workplace {
  readonly options: WorkplaceOptions;
  readonly labels = new Labels();
  readonly #shared = new Map<string, Promise<unknown>>();
  readonly #began: number;
  #requests = 0;
  #folder: string | undefined;

  constructor(options: WorkplaceOptions) {
    this.options = options;
    this.#began = this.now().getTime();
    this.labels.add(options.target.tenantId, "tenant");
    this.labels.add(options.mark, "run");
    this.labels.add(options.mark.replaceAll(/\W/g, ""), "run");
    for (const { url } of [options.target.endpoints.graph, options.target.endpoints.exchangeOnline])
      this.labels.add(url, "server");
    this.labels.add(options.target.endpoints.authorityHost, "server");
  }

  /** How many requests it has sent. */
  get requests(): number {
    return this.#requests;
  }

  now(): Date {
    return this.options.now?.() ?? new Date();
  }

  pause(ms: number): Promise<unknown> {
    return (this.options.pause ?? delay)(ms);
  }

  /** Sends a request to Graph, as the person. @param path with its version */
  async graph(method: TargetRequest["method"], path: string, sent: GraphSent = {}): Promise<Answer> {
    const { body, raw } = sent;
    const content = raw?.content ?? (body === undefined ? undefined : JSON.stringify(body));
    if (method !== "GET")
      this.#check(`${method} ${path}`, path + (typeof content === "string" ? content : ""));
    const token = sent.token ?? (await this.options.target.token());
    return this.#send({
      method,
      url: this.options.target.endpoints.graph.url + path,
      headers: {
        accept: "application/json",
        authorization: `Bearer ${token}`,
        ...(content === undefined ? {} : { "content-type": raw?.type ?? "application/json" }),
        ...sent.headers,
      },
      ...(content === undefined ? {} : { body: content }),
    });
  }

  /** Asks for a token, as an application of the run's own. */
  async signIn(form: Readonly<Record<string, string>>): Promise<Answer> {
    return this.#send({
      method: "POST",
      url: `${this.options.target.endpoints.authorityHost}/${this.options.target.tenantId}/oauth2/v2.0/token`,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(form).toString(),
    });
  }

  /** Runs a cmdlet of Exchange Online, as an application of the run's own. */
  async invoke(cmdlet: string, parameters: JsonObject, token: string): Promise<Answer> {
    const { tenantId, endpoints } = this.options.target;
    if (!cmdlet.startsWith("Get-")) this.#check(cmdlet, JSON.stringify(parameters));
    return this.#send({
      method: "POST",
      url: `${endpoints.exchangeOnline.url}/adminapi/beta/${tenantId}/InvokeCommand`,
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        "x-anchormailbox": `APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@${tenantId}`,
      },
      body: JSON.stringify({ CmdletInput: { CmdletName: cmdlet, Parameters: parameters } }),
    });
  }

  /** Creates an object, in the ledger first. Its ID gets the label. @param key what finds it, see `Entry` */
  async create(
    kind: OwnedKind,
    label: string,
    { key, body, sent }: { readonly key: string; readonly body: Json; readonly sent?: GraphSent },
  ): Promise<{ readonly answer: Answer; readonly id: string }> {
    const number = this.options.ledger.intend(kind, key);
    const answer = await this.graph("POST", settingsOf(kind).collection, { ...sent, body });
    const id = isJsonObject(answer.body) && answer.status < 300 ? textOf(answer.body.id) : "";
    if (id !== "") {
      this.options.ledger.made(number, id);
      this.labels.add(id, label);
    }
    return { answer, id };
  }

  /** Asks until the answer is good, as something new takes time to be seen. @throws NotPrepared */
  async until(
    what: string,
    ask: () => Promise<Answer>,
    isGood: (answer: Answer) => boolean,
  ): Promise<Answer> {
    for (let [waited, wait] = [0, 1000]; ; waited += wait, wait = Math.min(wait * 2, 15_000)) {
      const answer = await ask();
      if (isGood(answer)) return answer;
      if (answer.status === 403 || waited + wait > this.options.limits.settleMs * 2)
        throw new NotPrepared(what, answer);
      await this.pause(wait);
    }
  }

  /** A stack of this project, in a folder that `close` removes. */
  async stack(name: string): Promise<StackWorkspace> {
    const prepared = await this.shared("commands", () => {
      this.#folder = makeWorkFolder();
      const { target, ledger, plugins = "official" } = this.options;
      ledger.worksIn(this.#folder);
      return target.prepare(sandboxFolder(this.#folder), plugins);
    });
    return prepared.stack(name);
  }

  /** Runs a command on a stack of the run's own. */
  async run(stack: StackWorkspace, command: string, args: readonly string[]): Promise<RunResult> {
    this.#checkLimits();
    const result = await stack.run(command, args);
    // Ctrl-C reaches the command too, which then has no result to look at.
    this.#checkLimits();
    return result;
  }

  /** Removes the files of its stacks. */
  close(): void {
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Something that several cases use, made once. */
  shared<T>(name: string, make: () => Promise<T>): Promise<T> {
    const known = this.#shared.get(name);
    if (known !== undefined) return known as Promise<T>;
    const made = make();
    this.#shared.set(name, made);
    return made;
  }

  /** Whether a text names something of this run. */
  isOwn(text: string): boolean {
    return text.includes(this.options.mark) || this.options.ledger.owns(text);
  }

  /** Nothing but what the run has created is written to; reading functions name it as well. */
  #check(request: string, text: string): void {
    const names = text.includes("%") ? decodeURIComponent(text) : text;
    if (this.isOwn(names)) return;
    throw new Error(`${request} would write to what this run has not created.`);
  }

  async #send(request: TargetRequest): Promise<Answer> {
    this.#checkLimits();
    this.#requests += 1;
    return this.options.target.send(request);
  }

  #checkLimits(): void {
    const { limits, signal } = this.options;
    if (signal?.aborted === true) throw new RunEnded("cancelled");
    if (this.#requests >= limits.requests) throw new RunEnded("requests");
    if (this.now().getTime() - this.#began >= limits.ms) throw new RunEnded("time");
  }
}
