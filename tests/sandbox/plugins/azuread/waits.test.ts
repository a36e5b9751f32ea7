import { describe, expect, it } from "vitest";

import {
  createWaits,
  watchFor,
  type Sighting,
  type Watch,
} from "../../../../sandbox/plugins/azuread/waits.ts";

const watch: Watch = { interval: 1, occurrences: 3, timeout: 600 };

describe("watching", () => {
  it("ends at once with what is seen once", async () => {
    expect(await pausesOf({ ...watch, occurrences: 1 }, ["done"])).toEqual([]);
  });

  it("looks again as often in a row as asked", async () => {
    expect(await pausesOf(watch, ["done", "done", "done"])).toEqual([
      ["repeat", 1],
      ["repeat", 1],
    ]);
  });

  it("starts over once the thing is not as awaited", async () => {
    const pauses = await pausesOf({ ...watch, occurrences: 2 }, ["done", "pending", "done", "done"]);
    expect(pauses.map(([kind]) => kind)).toEqual(["repeat", "retry", "repeat"]);
  });

  it("pauses ever longer, up to ten seconds", async () => {
    const sightings: Sighting[] = [...Array.from({ length: 6 }, () => "absent" as const), "done"];
    const pauses = await pausesOf({ ...watch, occurrences: 1 }, sightings);
    expect(pauses.map(([, seconds]) => seconds)).toEqual([1, 2, 4, 8, 10, 10]);
  });

  it("gives up after 21 looks that showed nothing", async () => {
    await expect(pausesOf(watch, endless("absent"))).rejects.toThrow("couldn't find resource (21 retries)");
  });

  it("gives up when the time is up", async () => {
    const error = "timeout while waiting for state to become 'Done' (timeout: 60s)";
    await expect(pausesOf({ ...watch, timeout: 60 }, endless("pending"))).rejects.toThrow(error);
  });
});

describe("the stand-in's own waits", () => {
  it("skip what is only a precaution, and shorten what is needed", async () => {
    const waits = createWaits(false);
    const start = performance.now();
    await waits.repeat(3600);
    await waits.retry(1);
    expect(performance.now() - start).toBeLessThan(1000);
    expect(performance.now() - start).toBeGreaterThan(40);
  });

  it("take their time if asked to", async () => {
    const waits = createWaits(true);
    const start = performance.now();
    await waits.repeat(0.1);
    await waits.retry(0.1);
    expect(performance.now() - start).toBeGreaterThan(190);
  });
});

function endless(sighting: Sighting): Sighting[] {
  return Array.from({ length: 1000 }, () => sighting);
}

async function pausesOf(given: Watch, sightings: Sighting[]): Promise<["repeat" | "retry", number][]> {
  const pauses: ["repeat" | "retry", number][] = [];
  const note = (kind: "repeat" | "retry") => (seconds: number) => {
    pauses.push([kind, seconds]);
    return Promise.resolve();
  };
  let looks = 0;
  await watchFor({ repeat: note("repeat"), retry: note("retry") }, given, () => {
    const sighting = sightings[looks++];
    return sighting === undefined ? Promise.reject(new Error("looked too often")) : Promise.resolve(sighting);
  });
  expect(looks).toBe(sightings.length);
  return pauses;
}
