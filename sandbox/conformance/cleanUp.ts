import { isJsonObject, type JsonObject, textOf } from "../tenant/json.ts";
import type { Entry, Ledger } from "./ledger.ts";
import { settingsOf } from "./ownedKinds.ts";
import type { Answer, Target, TargetRequest } from "./target.ts";
import { endWorkIn } from "./workFolder.ts";

/** What cleaning up works with. */
export interface CleaningOptions {
  readonly target: Target;
  readonly ledger: Ledger;
  readonly pause: (ms: number) => Promise<unknown>;
}

/** How often it looks, and how long it waits in between: what Entra's replicas take. */
const rounds = 15;
const waitMs = 5000;
/** How often something must be absent that was not seen to be deleted. */
const absences = 3;

/** An entry on its way out. */
interface Leaving {
  readonly entry: Entry;
  readonly number: number;
  /** Whether a deletion for good was acknowledged. */
  isDeleted: boolean;
  /** In how many rounds in a row nothing was found. */
  absent: number;
  /** What is in the way: the last answer. */
  obstacle: string;
}

/**
 * Ends what still works for a killed run. Then deletes everything in its ledger for good, the newest first, and looks whether it is gone: by its ID, among what was
 * deleted, and by its name. Forgets the ledger if nothing is left.
 *
 * @returns what is left, as sentences for a person: none is the proof
 */
export async function cleanUp({ target, ledger, pause }: CleaningOptions): Promise<readonly string[]> {
  for (const folder of ledger.folders) endWorkIn(folder);
  const token = await target.token();
  const ask: Ask = (method, path) =>
    target.send({
      method,
      url: target.endpoints.graph.url + path,
      headers: { accept: "application/json", authorization: `Bearer ${token}` },
    });
  let leaving: readonly Leaving[] = ledger.entries
    .map((entry, number) => ({ entry, number, isDeleted: false, absent: 0, obstacle: "" }))
    .toReversed();
  for (let round = 0; leaving.length > 0 && round < rounds; round += 1) {
    if (round > 0) await pause(waitMs);
    const still: Leaving[] = [];
    for (const one of leaving) if (!(await isGone(ask, ledger, one))) still.push(one);
    leaving = still;
  }
  if (leaving.length === 0) ledger.remove();
  return leaving.map(({ entry, obstacle }) =>
    `${settingsOf(entry.kind).title} "${entry.key}" ${entry.ids.join(", ")}: ${obstacle}`.replace(
      " : ",
      ": ",
    ),
  );
}

type Ask = (method: TargetRequest["method"], path: string) => Promise<Answer>;

/** One attempt at one entry. @returns whether it is gone for certain */
async function isGone(ask: Ask, ledger: Ledger, one: Leaving): Promise<boolean> {
  const { entry, number } = one;
  const { collection, filter, keyProperty, isRecycled } = settingsOf(entry.kind);
  const listed = await ask("GET", `${collection}${filter === undefined ? "" : `?${filter(entry.key)}`}`);
  for (const item of itemsOf(listed)) {
    if (textOf(item[keyProperty]).startsWith(entry.key)) ledger.made(number, textOf(item.id));
  }
  one.obstacle = listed.status === 200 ? "" : obstacleOf(listed);
  for (const id of entry.ids) {
    const places = [`${collection}/${id}`, ...(isRecycled ? [`/v1.0/directory/deletedItems/${id}`] : [])];
    for (const place of places) {
      const deleted = await ask("DELETE", place);
      if (deleted.status === 204) one.isDeleted ||= place === places.at(-1);
      else if (deleted.status !== 404) one.obstacle = obstacleOf(deleted);
    }
    for (const place of places) {
      const read = await ask("GET", place);
      if (read.status !== 404) one.obstacle ||= read.status === 200 ? "it is still there" : obstacleOf(read);
    }
  }
  one.absent = one.obstacle === "" ? one.absent + 1 : 0;
  return one.absent >= (one.isDeleted ? 1 : absences);
}

function itemsOf({ body }: Answer): readonly JsonObject[] {
  const value = isJsonObject(body) ? body.value : undefined;
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function obstacleOf({ status, body }: Answer): string {
  const error = isJsonObject(body) ? body.error : undefined;
  const code = isJsonObject(error) ? textOf(error.code) : "";
  return status === 0 ? "no answer came" : `the answer was ${status} ${code}`.trim();
}
