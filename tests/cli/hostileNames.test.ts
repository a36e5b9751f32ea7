import { globSync, readFileSync } from "node:fs";
import * as fc from "fast-check";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { expect, test } from "vitest";
import { validateXML } from "xmllint-wasm";
import { outcomeOf } from "../../cli/command.ts";
import { commands } from "../../cli/commands.ts";
import { format } from "../../cli/findings/formats.ts";
import { createProgress, errorDocument, errorText, resultDocument } from "../../cli/output.ts";
import { fleetHtml, fleetIssue, printedFleet } from "../../cli/fleet/formats.ts";
import { discoveryOutcome } from "../../cli/discovery/formats.ts";
import { adoptView } from "../../cli/views/adoptView.ts";
import { blockView } from "../../cli/views/blockView.ts";
import { discoverView } from "../../cli/views/discoverView.ts";
import { exportView } from "../../cli/views/exportView.ts";
import { preflightView } from "../../cli/views/preflightView.ts";
import { grantView } from "../../cli/views/grantView.ts";
import { repairView } from "../../cli/views/repairView.ts";
import { revokeView } from "../../cli/views/revokeView.ts";
import { rotateView } from "../../cli/views/rotateView.ts";
import { statusView } from "../../cli/views/statusView.ts";
import { fleetAddView } from "../../cli/views/fleetAddView.ts";
import { fleetRotateView } from "../../cli/views/fleetRotateView.ts";
import { fleetView } from "../../cli/views/fleetView.ts";
import { jobClaimsView, tokenNote } from "../../cli/views/tokenView.ts";
import { verifyView } from "../../cli/views/verifyView.ts";
import { Failure } from "../../common/failure.ts";
import { programCode } from "../../operations/adoption/programCode.ts";
import { grantScript, type ScriptSubject } from "../../operations/grant/grantScript.ts";
import { historyOf } from "../../operations/fleet/fleetChanges.ts";
import { type FleetReport, fleetSummary } from "../../operations/fleet/fleetSummary.ts";
import type { RotateResult } from "../../operations/rotation/rotate.ts";
import type { Verification } from "../../operations/verification/verify.ts";
import { acts, hostileText } from "../hostileText.ts";
import { brokenSample, fleetSample } from "./fleetSample.ts";
import { sampleReport, sampleRules, sampleTenantWide } from "./findings/sampleReport.ts";

const assigned = { title: "t", action: "adminAssign" as const, roleDefinitionId: "r" };

// Whoever administers a tenant can put any text into its names, and so into everything that a command prints.

const verification: Verification = {
  component: "c",
  clientId: "c",
  tenantId: "t",
  tenantDomain: "d",
  cloud: "global",
  thumbprint: "t",
  notAfter: "2027-10-01T00:00:00Z",
  attempts: 1,
  organization: "o",
  securityAndCompliance: true,
  permissions: ["p"],
  roles: ["r"],
  problem: { cause: "consentMissing", message: "m", remedy: "r" },
};
const ids = { project: "p", stack: "s", component: "c" };
const copy = { holder: "application" as const, keyId: "k" };
const generation = { generation: "1", thumbprint: "t", keyId: "k" };

const rotated: RotateResult = {
  ...ids,
  step: "makeCurrent",
  outcome: "edited",
  reason: "r",
  generations: ["1"],
  before: ["1"],
  after: ["2"],
  settings: "s",
  toDo: "t",
  verification,
};

const scripted: ScriptSubject = {
  ...ids,
  appId: "a",
  servicePrincipalObjectId: "s",
  cloud: "global",
  tenantId: "t",
  tenantDomain: "d",
  declared: {
    exchangeOnline: { groups: ["g"], roles: [{ role: "r", recipientFilter: "f" }] },
    securityAndCompliance: { groups: ["g"], roles: [] },
  },
};

const declaration = {
  settings: { roles: ["r"], expectedTenantId: "t" },
  losses: [{ object: "application" as const, property: "p", title: "t" }],
  additions: ["a"],
  undeclared: [{ title: "t", choice: "c" }],
};
const discovered = {
  tenantId: "t",
  applications: [
    {
      displayName: "d",
      appId: "a",
      servicePrincipalObjectId: "s",
      access: ["a"],
      credentials: [
        { kind: "secret" as const, on: "application" as const, id: "i", ends: "e", isExpired: true },
      ],
      owners: [{ of: "application" as const, id: "i", displayName: "d" }],
      lastSignIn: "l",
      findings: [
        {
          id: "EXO-AUDIT-PERMISSION",
          title: "t",
          severity: "high" as const,
          why: "w",
          source: "s",
          subject: "s",
          check: "c",
          found: "f",
          declared: "d",
          remedy: "r",
        },
      ],
      declaration,
    },
  ],
  notRead: [{ what: "w", reason: "r", denied: true }],
};

/** What each command comes to with every text replaced by another's; a view that takes none is no entry. */
const printed: Readonly<Record<string, (name: string) => string>> = {
  verify: (name) =>
    outcomeOf(
      1,
      hostile(
        { ok: false, verifications: [verification], keyElsewhere: ["k"], withoutCertificate: ["w"] },
        name,
      ),
      verifyView,
    ).text,
  status: (name) =>
    outcomeOf(
      0,
      hostile(
        {
          ...ids,
          updated: "u",
          expiring: ["c"],
          components: [
            {
              ...verification,
              component: "c",
              appId: "a",
              applicationObjectId: "a",
              servicePrincipalObjectId: "s",
              nextRotation: "n",
              federatedCredentials: [{ name: "n", issuer: "i", subject: "s", audience: "a" }],
              tenant: { notRead: "n" },
              exchangeRoles: { declared: ["d"], findings: ["f"], notRead: "n" },
              generations: [{ ...generation, current: true, notBefore: "b", notAfter: "a", daysLeft: 1 }],
            },
          ],
        },
        name,
      ),
      statusView,
    ).text,
  preflight: (name) =>
    outcomeOf(
      0,
      hostile(
        {
          ok: true,
          tenantId: "t",
          tenantDomain: "d",
          deployer: "d",
          findings: [
            { kind: "passed", message: "m" },
            { kind: "obstacle", cause: "planRefused", message: "m", remedy: "r" },
            { kind: "warning", cause: "sameName", message: "m", remedy: "r" },
          ] as const,
        },
        name,
      ),
      preflightView,
    ).text,
  token: (name) =>
    [
      outcomeOf(
        0,
        hostile(
          {
            issuer: "i",
            subject: "s",
            audiences: ["a"],
            expiresAt: "e",
            expectedAudience: "x",
            isWide: true,
          },
          name,
        ),
        jobClaimsView,
      ).text,
      outcomeOf(
        0,
        {
          ...hostile({ tenantDomain: "d", expiresAt: "e", permissions: ["p"] }, name),
          cloud: "global" as const,
          service: "exchange" as const,
        },
        (issued) => tokenNote(issued, new Date()),
      ).text,
    ].join("\n"),
  export: (name) =>
    outcomeOf(
      0,
      hostile(
        {
          ...generation,
          component: "c",
          notAfter: "n",
          appId: "a",
          tenantDomain: "d",
          connectExchangeOnline: "c",
          publicFiles: ["p"],
          secretFiles: ["s"],
          exposedFiles: ["s"],
          securityAndCompliance: true,
        },
        name,
      ),
      exportView,
    ).text,
  rotate: (name) => outcomeOf(0, hostile(rotated, name), rotateView).text,
  "fleet rotate": (name) => {
    const failure = { code: "EXO_AUTH_PULUMI" as const, message: "m" };
    const stacks = [
      { stack: "s", result: rotated },
      { stack: "s", failure },
    ];
    return outcomeOf(0, hostile({ stacks }, name), fleetRotateView).text;
  },
  revoke: (name) =>
    outcomeOf(
      0,
      hostile(
        {
          ...ids,
          ...generation,
          revoked: true,
          current: "2",
          removed: [copy],
          putBack: [copy],
          proof: {
            by: "signIn" as const,
            copies: [],
            hidden: [copy],
            answer: "unclear" as const,
            attempts: 1,
            reason: "r",
          },
          left: sampleReport.sections.flatMap(({ findings }) => findings),
          notLookedAt: [{ check: "c", reason: "r", denied: true }],
          tokensEnd: "t",
          toDo: "t",
          verification,
        },
        name,
      ),
      revokeView,
    ).text +
    outcomeOf(
      0,
      hostile(
        {
          ...ids,
          appId: "a",
          blocked: true,
          before: false,
          couldLift: ["c"],
          notRead: ["n"],
          alsoBlocked: ["a"],
        },
        name,
      ),
      blockView,
    ).text,
  "fleet check": (name) =>
    outcomeOf(0, hostile(fleetSummary([fleetSample], [brokenSample], new Date()), name), fleetView).text,
  "fleet report": (name) => outcomeOf(0, hostile(fleetCompared, name), fleetView).text,
  "fleet add": (name) =>
    outcomeOf(
      0,
      hostile(
        {
          added: false,
          stacks: [
            { stack: "s", tenantId: "t", isNew: true, settingsFile: "f", adds: ["a"], differs: [] },
            { stack: "s", tenantId: "t", isNew: false, settingsFile: "f", adds: ["a"], differs: ["d"] },
          ],
          notListed: ["n"],
        },
        name,
      ),
      fleetAddView,
    ).text,
  grant: (name) =>
    outcomeOf(
      0,
      hostile(
        {
          remove: false,
          applied: true,
          grants: [{}, { notRead: "n" }].map((more) => ({
            component: "c",
            service: "exchangeOnline" as const,
            steps: [{ title: "t", cmdlet: "c", parameters: { p: "p" } }],
            pending: [{ title: "t", cmdlet: "c", parameters: {} }],
            notes: ["n"],
            ...more,
          })),
          timedRoles: [
            { component: "c", steps: [assigned], pending: [assigned], notes: ["n"], state: ["s"] },
          ],
        },
        name,
      ),
      grantView,
    ).text + grantScript([hostile(scripted, name)], { remove: false, allowRoleManagement: false }),
  repair: (name) =>
    outcomeOf(
      0,
      hostile(
        {
          repaired: false,
          leftovers: (["import", "delete", "keep"] as const).map((action) => ({
            component: "c",
            kind: "application" as const,
            id: "i",
            title: "t",
            action,
            reasons: ["r"],
            hangs: ["h"],
            note: "n",
          })),
          usedMarkers: [{ component: "c", command: "pulumi up --replace 'm'" }],
        },
        name,
      ),
      repairView,
    ).text,
  discover: (name) => outcomeOf(0, hostile(discovered, name), discoverView).text,
  adopt: (name) =>
    outcomeOf(
      0,
      hostile(
        {
          appId: "a",
          displayName: "d",
          adopted: true,
          settingsFile: "f",
          ...declaration,
          losses: [],
          notRead: [{ what: "w", reason: "r", denied: true }],
          imports: [{ urn: "u", id: "i", title: "t" }],
          importFile: { nameTable: {}, resources: [] },
          terraform: [
            { address: "a", id: "i", urn: "u" },
            { address: "a", id: "i" },
          ],
          update: { creates: ["c"], updates: ["u"], removesOrReplaces: ["r"] },
        },
        name,
      ),
      adoptView,
    ).text + programCode("exchange", hostile(declaration.settings, name)),
};

/** A report on a fleet, with each kind of change. */
const fleetCompared: FleetReport = {
  ...fleetSummary([fleetSample], [brokenSample], new Date()),
  changes: {
    appeared: historyOf([fleetSample]).open,
    cameBack: historyOf([fleetSample]).open,
    resolved: historyOf([fleetSample]).open,
    gone: historyOf([fleetSample]).open,
    unknown: historyOf([fleetSample]).open,
    missing: ["m"],
    removed: ["r"],
  },
};

/** By these a view decides what to print, or they are ours in every run; the rest is text. */
const ours = new Set(
  [
    "state",
    "part",
    "kind",
    "cause",
    "step",
    "outcome",
    "action",
    "severity",
    "cloud",
    "holder",
    "by",
    "answer",
    "on",
    "of",
    "object",
  ].concat("id", "title", "why", "source", "remedy"),
);

function hostile<T>(value: T, name: string): T {
  const replaced = (inner: unknown): unknown => {
    if (typeof inner === "string") return name;
    if (Array.isArray(inner)) return inner.map(replaced);
    if (typeof inner !== "object" || inner === null) return inner;
    return Object.fromEntries(
      Object.entries(inner).map(([key, one]) => [key, ours.has(key) ? one : replaced(one)]),
    );
  };
  return replaced(value) as T;
}

const withReports = ["audit", "check", "drift"];
/** Prints its list of stacks as JSON alone. */
const withoutView = ["matrix"];

test("no command is forgotten here", () => {
  expect([...Object.keys(printed), ...withReports, ...withoutView].toSorted()).toEqual(
    commands.map(({ name }) => name).toSorted(),
  );
});

test("views are called by `outcomeOf` and by the formats of findings alone", () => {
  const callers = globSync("cli/**/*.ts")
    .filter((file) => !file.startsWith("cli/views/"))
    .filter((file) =>
      /(?<!function )\b(?:\w+(?:View|Note|Page)|programCode)\(/.test(readFileSync(file, "utf8")),
    );
  // The others are driven here: code, a page, and a note inside of `outcomeOf`.
  expect(callers.toSorted()).toEqual([
    "cli/commands/adopt.ts",
    "cli/commands/token.ts",
    "cli/discovery/formats.ts",
    "cli/findings/formats.ts",
    "cli/fleet/formats.ts",
  ]);
});

test("what is printed without `outcomeOf` is one of these", () => {
  const printing = globSync("cli/**/*.ts")
    .filter((file) => !["cli/command.ts", "cli/run.ts"].includes(file))
    .filter((file) => /\bexitCode[:,]|\bpiped\b/.test(readFileSync(file, "utf8")));
  expect(printing.toSorted()).toEqual([
    // Code, driven here.
    "cli/commands/adopt.ts",
    // A certificate, its key and a password, as what reads them needs them.
    "cli/commands/export.ts",
    "cli/commands/fleetReport.ts",
    // A script, driven here.
    "cli/commands/grant.ts",
    // JSON by `visibleJson`.
    "cli/commands/matrix.ts",
    // An exit code alone.
    "cli/commands/status.ts",
    // A token, as PowerShell needs it.
    "cli/commands/token.ts",
    "cli/discovery/formats.ts",
    "cli/findings/outcome.ts",
  ]);
});

test.each(Object.entries(printed))("nothing acts in what %s prints", (_name, print) => {
  fc.assert(
    fc.property(hostileText, (name) => {
      expect(acts(print(name))).toEqual([]);
    }),
    { examples: [[":"]] },
  );
});

test("nothing acts in a JSON document, an error or a line of progress", () => {
  fc.assert(
    fc.property(hostileText, (name) => {
      const failure = new Failure("EXO_AUTH_PULUMI", `It failed: ${name}`);
      const lines: string[] = [];
      const stream = { isTTY: true, columns: 40, write: (text: string) => lines.push(text) };
      createProgress(stream, false).show(name);
      const shown = lines.join("").replace("\r\u001b[K", "");
      const texts = [
        resultDocument({ name: "verify" }, { document: { name, names: [name] } }),
        errorDocument(name, failure),
        errorText(name, failure),
        shown,
      ];
      expect(texts.flatMap(acts)).toEqual([]);
      expect(shown.length).toBeLessThan(40);
    }),
  );
});

const report = (name: string) => ({
  command: { name: "audit" },
  rules: sampleRules,
  report: hostile({ ...sampleReport, tenantWide: sampleTenantWide }, name),
});

/** As `check` reports: each section with the command that it is of. */
const bothReports = (name: string) => ({
  ...report(name),
  command: { name: "check" },
  report: {
    ...hostile(sampleReport, name),
    sections: ["drift", "audit"].flatMap((command) =>
      hostile(sampleReport, name).sections.map((section) => ({ ...section, command })),
    ),
  },
});

const pages = {
  audit: (name: string) => format(report(name), "markdown"),
  check: (name: string) => format(bothReports(name), "markdown"),
  discover: async (name: string) =>
    (await discoveryOutcome(hostile(discovered, name), "markdown")).piped ?? "",
  "fleet report": async (name: string) =>
    `${await printedFleet(hostile(fleetCompared, name), "markdown")}\n${await fleetIssue(hostile(fleetCompared, name))}`,
};

test("nothing acts in a report, in any format", async () => {
  await fc.assert(
    fc.asyncProperty(hostileText, async (name) => {
      for (const wanted of ["text", "json", "junit", "sarif", "markdown"] as const) {
        expect([wanted, ...acts(await format(report(name), wanted))]).toEqual([wanted]);
        expect([wanted, ...acts(await format(bothReports(name), wanted))]).toEqual([wanted]);
      }
      for (const wanted of ["text", "json", "markdown"] as const) {
        const { text, piped = text } = await discoveryOutcome(hostile(discovered, name), wanted);
        expect([wanted, ...acts(piped)]).toEqual([wanted]);
      }
      for (const wanted of ["json", "markdown", "openmetrics"] as const) {
        const piped = (await printedFleet(hostile(fleetCompared, name), wanted)) ?? "";
        expect([wanted, ...acts(piped)]).toEqual([wanted]);
      }
      expect(acts(await fleetIssue(hostile(fleetCompared, name)))).toEqual([]);
      const page = await fleetHtml(hostile(fleetCompared, name));
      expect(acts(page.replace(/<script>[^]*<\/script>/, ""))).toEqual([]);
      // A table of the page can be copied into a spreadsheet.
      expect(page).not.toMatch(/<t[dh][^>]*>(?:<a [^>]*>)?[=+\-@](?!\d+<)/);
    }),
    { examples: [[":"], [" =1"]] },
  );
});

test.each(Object.entries(pages))(
  "%s: in Markdown a name is neither link, mention, image nor markup, and begins no formula",
  async (_command, page) => {
    await fc.assert(
      fc.asyncProperty(hostileText, async (name) => {
        const html = micromark(await page(name), {
          extensions: [gfm()],
          htmlExtensions: [gfmHtml()],
          allowDangerousHtml: true,
        });
        // Nothing is looked for in code: it is shown as it is.
        const shown = html.replaceAll(/<code>[^]*?<\/code>/g, "");
        const tags = /<\/?(?:h2|h3|h4|table|thead|tbody|tr|th|td|ul|li|p)>|<!-- -->/g;
        expect(shown.replaceAll(tags, " ")).not.toMatch(/<|@\w/);
        expect(shown).not.toMatch(/<td>[=+\-@](?!\d+<)/);
      }),
      {
        examples: [" @team", " =1", " +1", " -1", "1. x", "1) x", "     x", "\\|<img src=x>|"].map(
          (text): [string] => [text],
        ),
      },
    );
  },
);

test("a JUnit report stays well-formed XML", async () => {
  const xsd = readFileSync("tests/fixtures/schemas/junit-10.xsd", "utf8");
  const names = fc.sample(hostileText, 20);
  for (const name of names) {
    const xml = { fileName: "report.xml", contents: await format(report(name), "junit") };
    expect((await validateXML({ xml: [xml], schema: [xsd] })).errors).toEqual([]);
  }
});

test("in SARIF a name is neither an address nor a link", async () => {
  await fc.assert(
    fc.asyncProperty(hostileText, async (name) => {
      const { runs } = JSON.parse(await format(report(name), "sarif"));
      for (const { message } of runs[0].results) {
        expect(message.text).not.toMatch(/(?<!\\)\[/);
        expect(message.text).not.toMatch(/https?:\/\/evil|www\./);
      }
    }),
  );
});
