import { judgement, type Promises, onMicrosoft } from "./proof.ts";

const revoke = "engine/revoke.test.ts";
const trouble = "engine/full/rotationTrouble.test.ts";
const elsewhere = "engine/rotationElsewhere.test.ts";
const recovery = "engine/full/recovery.test.ts";
const year = "engine/full/simulatedYear.test.ts";
const compare = "operations/audit/compareAccess.test.ts";
const decide = "operations/rotation/decide.test.ts";
const drift = "engine/drift.test.ts";
const audit = "engine/audit.test.ts";
const policies = "policy/rules.test.ts";
const policiesOnEngine = "engine/full/policies.test.ts";
const fleet = "engine/fleet.test.ts";

/** What the pages on audit, drift, moving in, recovery and rotation promise. */
export const operationPromises: Promises = {
  "docs/policies.md": {
    "names-resource-value-rule-remedy": [
      policies,
      "everything is said at once, of resources that have several problems",
    ],
    "stops-before-creation": [
      policiesOnEngine,
      "a plain program is refused by the preview, with all that it breaks, until its exceptions say otherwise",
    ],
    "wrong-configuration-is-refused": [
      policiesOnEngine,
      "a plain program is refused by the preview, with all that it breaks, until its exceptions say otherwise",
    ],
    "component-breaks-none": [
      policiesOnEngine,
      "the program of this repository breaks no rule once it names its tenant, before and after the update",
    ],
    "judges-an-export-without-login": [
      policiesOnEngine,
      "an exported state is judged by every rule, without a login and without the secrets' key",
    ],
    "every-rule-is-listed": [
      "policy/page.test.ts",
      "the page's table has every rule with its source, its level and its settings",
    ],
    "exceptions-end": [
      "policy/exceptions.test.ts",
      "an exception holds by name or URN, to the end of its last day",
    ],
    "built-pack-stands-alone": [
      "policy/builtPack.test.ts",
      "the built pack stands alone, and judges as its source does",
    ],
    "pulumi-cloud-enforces": { unproved: "it needs Pulumi Cloud, and nobody has published the pack yet" },
    "in-each-language": {
      unproved:
        "a pack gets the same resources from each language's program; tests run those of Node and an exported state",
    },
  },
  "docs/fleet.md": {
    "each-state-alone": [
      fleet,
      "each tenant is told as what it is, and none keeps another from being checked",
    ],
    "without-a-part-nothing-is-in-order": [fleet, "without drift and audit, nothing is in order"],
    "one-document-each": [fleet, "one document a stack, each as its schema says, and nothing else"],
    "shard-is-that-job-of-matrix": [
      "operations/fleet/chosenStacks.test.ts",
      "a shard is that job of `matrix --shards`, for every number of stacks and jobs",
    ],
    "own-identity": [
      "operations/fleet/identityOfStack.test.ts",
      "the stack's own reader, in the stack's tenant",
    ],
    "one-reader-for-all": ["operations/fleet/identityOfStack.test.ts", "one reader for all tenants"],
    "shared-limit-without-shared-waits": [
      "graph/requestLimit.test.ts",
      "requests of one application begin evenly, and no tenant's wait is another's",
    ],
    "resume-after-interrupt": [
      "cli/commands/fleetCheck.test.ts",
      "Ctrl-C ends it, and --resume goes on without what was finished",
    ],
    "list-adds-what-is-missing-and-changes-nothing": [
      fleet,
      "a list of tenants becomes stacks with settings files, and what is there stays",
    ],
    "rotation-of-one-stops-no-other": [
      fleet,
      "each stack's rotation takes its next step, and one that fails stops no other",
    ],
    "report-from-many-folders": [
      "operations/fleet/fleetFolder.test.ts",
      "what was written is read, of any folder below, and the newest of each stack",
    ],
    "page-asks-for-nothing": [
      "cli/fleet/page.test.ts",
      "shows totals, changes and the stacks, the worst first, and asks for nothing",
    ],
    "page-runs-no-name": ["cli/fleet/page.test.ts", "runs nothing of a name: %s"],
    "page-ages": ["cli/fleet/page.test.ts", "shows nothing as in order once its check is older than a day"],
    "resolved-only-if-looked-at": [
      "operations/fleet/fleetChanges.test.ts",
      "nothing is resolved where %s, and it is not new when it is seen again",
    ],
    "files-only-your-team-can-read": judgement,
  },
  "docs/audit.md": {
    "finds-each-kind": [
      audit,
      "every kind of finding is made in the tenant here, but for what no tenant takes",
    ],
    "finds-each-alone": [audit, "is found alone, and after repair nothing is"],
    "one-request": [
      audit,
      "an untouched stack: nothing, in one round trip, with an identity that can only read",
    ],
    "never-a-false-finding": [
      compare,
      "a thousand untouched audits, in any order and any pages of Graph's answers: not one finding",
    ],
    "declared-beside-the-component-counts": [
      compare,
      "an untouched application: nothing, whatever declared it",
    ],
    "compares-bytes": [
      compare,
      "a certificate goes by its bytes and its keyId: another one under a declared keyId is found, and the declared one is missing",
    ],
    "late-rotation-to-the-second": [
      audit,
      "EXO-AUDIT-CERTIFICATE-ENDS is found alone once rotation is late, and not a second before",
    ],
    "groups-that-carry-roles": [audit, "a group that carries no role, and one that nobody may read"],
    "unlocked-principal-is-a-note": [compare, "an unlocked service principal is worth a note, not a finding"],
    "fix-removes-one-by-one": [
      audit,
      "`--fix --yes` removes everything that was added, one by one, and nothing else",
    ],
    "looks-again-after-an-update": [
      "cli/commands/audit.test.ts",
      "what an update has made and not every replica knows is waited for, and then nothing is found",
    ],
    "baseline-accepts-until-a-day": [
      "operations/findings/baseline.test.ts",
      "accepts nothing once the day has passed",
    ],
    "baseline-keeps-out-of-fix": [
      "cli/commands/audit.test.ts",
      "an accepted finding is kept out of the verdict and out of --fix",
    ],
    "exit-codes": [
      "cli/findings/verdict.test.ts",
      "what could not be read goes before findings, whatever --fail-on says: 1, or 3 where only rights are missing",
    ],
    "names-missing-rights": [audit, "an identity that lacks rights is told which, and the exit code says so"],
    "names-its-permissions": [
      "cli/findings/pages.test.ts",
      "docs/audit.md names every permission that an audit needs",
    ],
    "commands-work": [audit, "the commands of docs/audit.md and the pages beside it work"],
    "group-roles-are-found": [
      "operations/audit/declaredAccess.test.ts",
      "a role that a declared group gets is found, unless the stack gives it to the group",
    ],
    "token-lifetimes-of-others-count": [
      "operations/audit/rules/tokenLifetimes.test.ts",
      "a policy on %s is found, though it stands on the last of its pages",
    ],
  },
  "docs/findings.md": {
    "lists-every-finding": [
      "cli/findings/pages.test.ts",
      "%s names every finding with its severity, and no other",
    ],
    "critical-permissions-are-critical": [
      "microsoft/criticalPermissions.test.ts",
      "knows the ID of every critical permission of Exchange and Graph, and no other",
    ],
  },
  "docs/unreadProperties.md": {
    "lists-every-property": [
      "operations/audit/propertyTreatments.test.ts",
      "every property of Graph's metadata is read, or named as not read with a reason",
    ],
  },
  "docs/auditIdentities.md": {
    "every-right-is-found": [
      "operations/audit/identities.test.ts",
      "what it may do by a group, an eligibility, a delegated grant or as an owner, and who holds a role over it",
    ],
    "a-reader-writes-nothing": ["operations/audit/identities.test.ts", "a reader with the deployer's rights"],
    "the-note-says-which": [
      "operations/audit/identities.test.ts",
      "which list an identity is compared with is said, and stands in what is declared",
    ],
    "commands-work": [audit, "the commands of docs/audit.md and the pages beside it work"],
  },
  "docs/auditTenantWide.md": {
    "tenant-wide-lists-holders": [
      "operations/audit/tenantWide.test.ts",
      "everybody over the whole tenant, and nobody over one application, in one request a tenant",
    ],
    "tenant-wide-is-no-finding": [
      "cli/commands/auditTenantWide.test.ts",
      "--tenant-wide adds its part and changes neither findings nor exit code",
    ],
    "names-its-rights": [
      "cli/findings/pages.test.ts",
      "docs/auditTenantWide.md names every right that --tenant-wide lists, and no other",
    ],
  },
  "docs/drift.md": {
    "needs-no-key": ["engine/withoutKeys.test.ts", "%s %s %s %s"],
    "finds-each-change-without-a-key": ["engine/withoutKeys.test.ts", "$name is found alone"],
    "copy-goes-away": [
      "engine/withoutKeys.test.ts",
      "the copy of the state holds nothing secret, is for this user alone, and is gone after %s, %i times",
    ],
    "secret-property": [
      "engine/withoutKeys.test.ts",
      "a secret of azuread's that differs is listed as not read, and the rest is compared",
    ],
    "secret-of-a-provider": ["engine/withoutKeys.test.ts", "a provider's own secret is asked for by name"],
    "untouched-is-no-drift-and-nothing-is-written": [
      drift,
      "an untouched stack: no drift, and nothing is written",
    ],
    "finds-each-change-alone": [
      "operations/drift/recordedChanges.test.ts",
      "$name is found alone in a recording",
    ],
    "deleted-application": [drift, "a deleted application is reported as that, alone"],
    "its-remedy-works": [drift, "its remedy makes a new one"],
    "ended-certificate": [
      drift,
      "a certificate that has ended is due for rotation, which is no drift of the tenant",
    ],
    "rotation-due": [
      drift,
      "a certificate within its own time of early renewal is due, which is no drift of the tenant",
    ],
    "spent-init-errors": [drift, "spent init errors are told apart, and the next update clears them"],
    "secrets-are-never-shown": [
      "operations/drift/driftSections.test.ts",
      "each changed property with what was declared and what was found; secrets are compared, never shown",
    ],
    "young-update-is-looked-at-again": [
      drift,
      "what a server does not know yet after an update is waited for, and is then no drift",
    ],
    "unread-is-no-verdict": [
      "operations/drift/driftSections.test.ts",
      "what the engine did not try after a failure is never taken for unchanged",
    ],
    formats: ["cli/commands/drift.test.ts", "the project's baseline accepts a change, in every format"],
    "lists-every-finding": [
      "cli/findings/pages.test.ts",
      "%s names every finding with its severity, and no other",
    ],
    "runs-no-program-takes-no-lock": [
      "cli/commands/drift.test.ts",
      "asks Pulumi for a preview of a refresh, of the stack and in the folder that were named",
    ],
    "reading-rights-suffice": {
      unproved: "the engine's tests run drift as the deployer; only the audit has a reader of its own",
    },
    "commands-work": [drift, "the commands of docs/drift.md work"],
  },
  "docs/recovery.md": {
    "key-stolen": [recovery, "a key was stolen"],
    "key-stolen-new-one-first": [
      revoke,
      "a new generation comes up and is signed in with, then the stolen one goes at once",
    ],
    "key-stolen-remove-first": [
      revoke,
      "--now: the stolen one is off the application before anything is made",
    ],
    "update-killed": [recovery, "an update was killed"],
    "repair-finds-what-was-left": [
      "engine/full/faultsRepair.test.ts",
      "brings what a killed `up` made into the state; of what was made twice, what a person says",
    ],
    "certificate-expired": [recovery, "the certificate expired"],
    "application-deleted": [recovery, "the application was deleted and restored"],
    "state-lost-with-a-copy": [recovery, "the state is lost, and there is a copy"],
    "state-damaged": [recovery, "the state is damaged"],
    "passphrase-lost": [recovery, "the passphrase is lost: the ids are not, and the tenant is left alone"],
    "every-command-was-run": [recovery, "every command of both pages was run"],
    "tokens-live-for-an-hour": onMicrosoft,
  },
  "docs/rotation.md": {
    "never-no-valid-certificate": [
      year,
      "a year with two rotations: a consumer signs in every day, and there is never no valid certificate",
    ],
    "never-none-whatever-goes-wrong": [
      "operations/rotation/decideAlways.test.ts",
      "never no valid certificate, and only what was signed in with is current, whatever goes wrong",
    ],
    "current-only-after-sign-in": [
      trouble,
      "a sign-in that never works: the generation does not become the current one",
    ],
    "one-step-a-run": [decide, "one generation: nothing, then a second at the end of the list"],
    "dry-run-says-what-is-next": [
      recovery,
      "a rotation: what is next, each step at once, each step as a reviewed change",
    ],
    "due-at-two-thirds-spread": [
      "operations/rotation/schedule.test.ts",
      "is due in the twelfth of the lifetime before two thirds of it, at one stack's own time",
    ],
    "fleet-is-spread": [
      "operations/rotation/schedule.test.ts",
      "1,000 stacks are spread over the window, and each keeps its time",
    ],
    "renew-before": [
      "operations/rotation/schedule.test.ts",
      "or as long before the end as is asked for, never later",
    ],
    "overlap-counts-from-the-update": [
      "operations/rotation/currentSince.test.ts",
      "the end of the first update of the latest ones that had it in front",
    ],
    "older-commit-begins-overlap-anew": [
      "operations/rotation/currentSince.test.ts",
      "an older commit in between begins it anew",
    ],
    "overlap-outlasts-tokens": [
      "cli/commands/rotate.test.ts",
      "an overlap shorter than a token's life is refused before anything is asked",
    ],
    "settings-keep-comments-and-order": [
      "stack/settingsFile.test.ts",
      "moves generations with all that they hold and their comments",
    ],
    "older-commit-is-refused": [
      trouble,
      "a configuration from before the last rotation is refused, here and by preflight",
    ],
    "host-follows": [
      "engine/full/rotationExample.test.ts",
      "it follows a rotation, and the job signs in before, while and after",
    ],
    "elsewhere-is-told": [elsewhere, "a successor is due: the change to make, and exit code 7"],
    "made-elsewhere-is-told": [
      elsewhere,
      "made elsewhere: the successor has to be supplied; a program of several components needs --component",
    ],
    "killed-goes-on": [
      trouble,
      "killed again and again while a generation is added: it gets there, and says what to do in between",
    ],
    "ctrl-c-frees-the-stack": [trouble, "Ctrl-C: Pulumi ends what it has begun, and the stack is free"],
    "two-at-once": [
      trouble,
      "a second one while the first updates says why it does not work, and one generation is added",
    ],
    "policy-refuses": [
      trouble,
      "a policy that refuses the certificate: said, and the refused generation stands in nobody's way",
    ],
    "protected-resources": [
      trouble,
      "what an update would leave in the tenant: said before anything is edited, and it goes when it can",
    ],
    "credential-left-by-a-kill": [
      trouble,
      "killed while Entra makes the credential: said, repaired, and it comes up",
    ],
    "expired-is-replaced-in-one-update": [
      year,
      "nobody rotates for two years: what expired is replaced in one update, and signed in with",
    ],
  },
  "docs/movingIn.md": {
    "no-moment-without-sign-in": [
      "engine/full/movingIn.test.ts",
      "what was made by hand moves in, and its old certificate signs in all the time",
    ],
    "says-first-what-an-update-takes": [
      "engine/full/adoption.test.ts",
      "an update takes what the list says, and nothing else",
    ],
    "yes-alone-removes-nothing": [
      "engine/full/adoption.test.ts",
      "with something to lose, nothing is written by --yes alone",
    ],
    "goes-on-where-it-stopped": [
      "engine/full/adoption.test.ts",
      "killed while %s: it goes on where it stopped",
    ],
    "goes-on-after-a-kill-in-any-step": [
      "engine/full/movingInKilled.test.ts",
      "killed in any step, moving in goes on, and the jobs sign in all the time",
    ],
    "declares-roles-of-exchange": [
      "operations/adoption/exchangeRights.test.ts",
      "adoption reads the same of one application, and says what it may not read",
    ],
    "weak-certificate-comes-along": [
      "engine/full/adoption.test.ts",
      "a certificate that is too weak (%o) comes along, and audit finds it until it is gone",
    ],
    "backing-out-leaves-the-tenant": [
      "engine/full/adoption.test.ts",
      "backing out leaves the tenant as it was found, with `pulumi state delete`",
    ],
  },
  "docs/template.md": {
    "deployed-in-the-sandbox": [
      "engine/full/template.test.ts",
      "the commands of its page work as they stand",
    ],
    "a-lost-setting-is-refused": ["engine/full/template.test.ts", "creates nothing without `%s`"],
    "a-tag-is-enough": [
      "engine/full/gitTag.test.ts",
      "`pulumi new` with the tag's template asks for nothing but the settings",
    ],
    typescript: [
      "engine/full/template.test.ts",
      "creates nothing until both settings are there, then what they say, and plans nothing after it",
    ],
  },
};
