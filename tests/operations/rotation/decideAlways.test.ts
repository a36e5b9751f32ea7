import fc from "fast-check";
import { expect, test } from "vitest";
import { decide, type DeployedGeneration, isOutdated } from "../../../operations/rotation/decide.ts";

const hour = 3_600_000;
const day = 24 * hour;
const overlapMs = 7 * day;

/** A stack with its settings file, without an engine: what `rotate`, people and bad luck do to it. */
class World {
  now: number;
  declared: readonly string[] = ["1"];
  deployed: Map<string, DeployedGeneration>;
  current = "1";
  currentSince: number;
  /** The settings files that were committed so far. */
  readonly commits: (readonly string[])[] = [["1"]];
  readonly proved = new Set(["1"]);
  readonly lifetime: number;

  constructor(now: number, lifetime: number) {
    this.now = now;
    this.currentSince = now;
    this.lifetime = lifetime;
    this.deployed = new Map([["1", this.#make("1")]]);
  }

  /** Takes the step that is due, as far as luck allows. */
  rotate(luck: "works" | "killedBeforeEdit" | "killedBeforeUpdate" | "updateFails" | "signInFails"): string {
    const { step, target, generations } = this.decide();
    if (step === "none" || step === "outdated" || luck === "killedBeforeEdit") return step;
    if (step === "makeCurrent") {
      if (luck === "signInFails") return step;
      for (const name of generations) this.proved.add(name);
    }
    const before = this.counts();
    this.declared = target;
    this.commits.push(target);
    if (luck === "works" || luck === "signInFails") this.#update();
    if (before.valid > 0 && this.counts().valid === 0) throw new Error("Nothing is valid any more.");
    return step;
  }

  decide() {
    const current = this.deployed.get(this.current)!;
    const others = [...this.deployed.values()].filter((one) => one !== current);
    const { declared, currentSince } = this;
    return decide(
      { declared, deployed: [current, ...others], unfinished: [], currentSince },
      { spreadKey: "exchange-auth/contoso", overlapMs },
      this.now,
    );
  }

  /** A pipeline runs with whatever is committed, unless preflight refuses. */
  pipeline(): void {
    if (!isOutdated(this.declared, this.deployed.get(this.current)!, this.now)) this.#update();
  }

  counts(): { valid: number; currentIsValid: boolean } {
    const valid = [...this.deployed.values()].filter(({ notAfter }) => notAfter > this.now);
    return { valid: valid.length, currentIsValid: valid.some(({ name }) => name === this.current) };
  }

  #update(): void {
    // The tls plugin would replace an expired certificate that an update keeps.
    for (const name of this.declared) {
      if ((this.deployed.get(name)?.notAfter ?? Infinity) <= this.now)
        throw new Error(`${name} expired, and is kept.`);
    }
    this.deployed = new Map(this.declared.map((name) => [name, this.deployed.get(name) ?? this.#make(name)]));
    const [first = ""] = this.declared;
    if (first !== this.current) this.currentSince = this.now;
    this.current = first;
  }

  #make(name: string): DeployedGeneration {
    return { name, notBefore: this.now, notAfter: this.now + this.lifetime, madeElsewhere: false };
  }
}

const lucks = ["works", "killedBeforeEdit", "killedBeforeUpdate", "updateFails", "signInFails"] as const;
const events = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant("rotate" as const), luck: fc.constantFrom(...lucks) }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: "pipeline" as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("checkOut" as const), back: fc.nat(3) }) },
);
const start = fc.date({ min: new Date("2024-01-01"), max: new Date("2032-01-01"), noInvalidDate: true });

test("never no valid certificate, and only what was signed in with is current, whatever goes wrong", () => {
  fc.assert(
    fc.property(
      start,
      fc.integer({ min: 120, max: 730 }),
      fc.array(fc.tuple(fc.integer({ min: 1, max: 36 }), events), { minLength: 50, maxLength: 400 }),
      (begin, days, happenings) => {
        const world = new World(begin.getTime(), days * day);
        for (const [hours, event] of happenings) {
          world.now += hours * hour;
          if (event.kind === "rotate") world.rotate(event.luck);
          else if (event.kind === "pipeline") world.pipeline();
          else world.declared = world.commits.at(-1 - event.back) ?? world.declared;
          // Bad luck does not last for ever: once a week two runs work, on the newest commit.
          if (world.now % (7 * day) < hours * hour) {
            world.declared = world.commits.at(-1)!;
            world.rotate("works");
            world.rotate("works");
          }
          expect(world.counts().currentIsValid).toBe(true);
          expect(world.proved).toContain(world.current);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("daily runs: exactly one generation outside of a rotation, two within, and the old one stays for the overlap", () => {
  fc.assert(
    fc.property(start, fc.integer({ min: 30, max: 730 }), (begin, days) => {
      const world = new World(begin.getTime(), days * day);
      let leftAt: number | undefined;
      let previous = world.current;
      const overlaps = new Set<number>();
      for (let run = 0; run < 3 * days; run++) {
        world.now += day;
        const before = world.deployed.size;
        world.rotate("works");
        expect(world.deployed.size).toBeLessThanOrEqual(2);
        expect(world.counts().valid).toBe(world.deployed.size);
        if (world.current !== previous) leftAt = world.now;
        if (world.deployed.size < before) overlaps.add(world.now - leftAt!);
        previous = world.current;
      }
      expect(overlaps).toEqual(new Set([overlapMs]));
      expect(Number(world.current)).toBeGreaterThanOrEqual(4);
      expect(Number(world.current)).toBeLessThanOrEqual(7);
    }),
    { numRuns: 100 },
  );
});

test("after any neglect, runs that work bring a valid certificate back, one step each", () => {
  fc.assert(
    fc.property(
      start,
      fc.array(events, { maxLength: 30 }),
      fc.integer({ min: 1, max: 900 }),
      (begin, happenings, idle) => {
        const world = new World(begin.getTime(), 90 * day);
        for (const event of happenings) {
          world.now += 12 * hour;
          if (event.kind === "rotate") world.rotate(event.luck);
        }
        world.now += idle * day;
        for (let run = 0; run < 3; run++) world.rotate("works");
        expect(world.counts().currentIsValid).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});
