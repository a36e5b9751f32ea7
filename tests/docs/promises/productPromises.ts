import { type Promises, onMicrosoft, onWindows, judgement } from "./proof.ts";

const component = "components/exchangeAppOnlyAuth.test.ts";
const lifecycle = "engine/lifecycle.test.ts";
const audit = "engine/audit.test.ts";
const examples = "engine/full/examples.test.ts";
const grant = "operations/grant/grant.test.ts";
const leastPrivilege = "engine/full/leastPrivilege.test.ts";
const timedRoles = "engine/full/timedRoles.test.ts";

/** What README and the pages on the product itself promise. */
export const productPromises: Promises = {
  "README.md": {
    "start-deploys-and-shows-values": [
      "engine/commands.test.ts",
      "`npm start` deploys, shows the values, and proves them",
    ],
    "sample-of-verify-is-real": [
      "engine/commands.test.ts",
      "`npm run sandbox -- COMMAND` sees what the command before did, and ends as the command ends",
    ],
    "sample-of-audit-is-real": ["engine/commands.test.ts", "each identity may do what it is for"],
    "start-again-changes-nothing": ["engine/commands.test.ts", "`npm start` again changes nothing"],
    "start-needs-old-node-only": ["scripts/bootstrap.test.ts", "installs Node where it is %s"],
    "sandbox-data-stay": [
      "engine/commands.test.ts",
      "`npm run sandbox -- COMMAND` sees what the command before did, and ends as the command ends",
    ],
    "creates-them-in-a-tenant": [lifecycle, "`up` in an empty tenant creates what the defaults ask for"],
    "defaults-are-exact": [component, "gives every resource exactly these inputs"],
    "key-is-encrypted-and-never-shown": [
      "engine/secrets.test.ts",
      "no private key stands in plain text in a state, a log, an event or an error",
    ],
    "own-certificate-keeps-key-out": [examples, "ownCertificate keeps the key out of Pulumi"],
    "wrong-tenant-creates-nothing": [
      "engine/tenants.test.ts",
      "where %j is not this tenant's, nothing is created",
    ],
    "preflight-says-what-is-in-the-way": ["engine/preflight.test.ts", "$cause, alone"],
    "verify-explains": ["cli/commands/verify.test.ts", "every cause that there is was made above"],
    "people-need-two-roles": [
      "operations/preflight/rights.test.ts",
      "a person is told roles, not permissions",
    ],
    "commands-are-listed": ["docs/readme.test.ts", "names every command of exo-auth once"],
    "package-can-be-made-and-used": [
      "engine/full/installedPackage.test.ts",
      "the package runs in a project as Pulumi's TypeScript template makes it",
    ],
    "stand-ins-are-held-against-recordings": [
      "sandbox/plugins/recordedCalls.test.ts",
      "%s answers each call as the official plugin did",
    ],
    "national-clouds": [
      "engine/full/examples.test.ts",
      "clouds signs in to each tenant with its own provider",
    ],
    "other-tools-compared": judgement,
    "works-on-microsofts-tenants": onMicrosoft,
  },
  "docs/settings.md": {
    "creates-these-resources": ["docs/readme.test.ts", "lists what the component creates, by type and name"],
    "names-never-change": ["engine/upgrade.test.ts", "a stack of release %s previews exactly these changes"],
    "configuration-is-listed": ["docs/readme.test.ts", "lists the configuration as Pulumi.yaml declares it"],
    "configuration-works": [
      "engine/full/arguments.test.ts",
      "all arguments together create exactly what they ask for",
    ],
    "outputs-are-listed": ["docs/readme.test.ts", "lists every output"],
    "outputs-work-as-a-script-needs-them": [
      "engine/exoAuth.test.ts",
      "verify, status and export agree with the stack's outputs",
    ],
  },
  "SECURITY.md": {
    "reading-opens-no-key": ["engine/withoutKeys.test.ts", "%s %s %s %s"],
    "keys-are-asked-for": ["engine/withoutKeys.test.ts", "%s %s asks for it"],
    "no-key-in-logs-errors-outputs": [
      "engine/secrets.test.ts",
      "no private key stands in plain text in a state, a log, an event or an error",
    ],
    "no-key-in-what-exo-auth-says": ["cli/commands/export.test.ts", "no secret is in what it prints"],
    "no-key-in-debug-messages": [
      "components/debugMessages.test.ts",
      "leaves out the engine's answers, and nothing else, however often it is asked",
    ],
    "lifetime-below-365-days": [component, "gives every resource exactly these inputs"],
    "lost-beside-a-write-is-put-back": [
      "operations/rotation/certificateCopies.test.ts",
      "what goes missing beside the write is put back from what was read before it",
    ],
    "last-working-certificate-stays": [
      "engine/full/rotationTrouble.test.ts",
      "the current credential was taken off in the tenant: the old one stays, and why is said",
    ],
    "unread-is-counted": [
      audit,
      "a reader with the four rights of 0.1.0 gets its answer, and what was not read is named and counted",
    ],
    "texts-of-others-do-nothing": ["cli/hostileNames.test.ts", "nothing acts in a report, in any format"],
    "state-redirects-no-sign-in": [
      "engine/drift.test.ts",
      "a state that sends sign-ins to another host is refused, and nobody asks that host",
    ],
    "state-is-trusted-by-pulumi": {
      unproved: "it says what does not hold: Pulumi takes providers from the state",
    },
    "tokens-live-on": onMicrosoft,
    "sandbox-plugins-in-a-home-of-their-own": [
      "sandbox/workspace/pulumiHome.test.ts",
      "puts the stand-ins in a home of their own",
    ],
    "sandbox-listens-locally": {
      unproved:
        "the address is a constant of sandbox/tenant/server.ts; reaching it from another machine takes one",
    },
  },
  "docs/attackers.md": {
    "audit-finds-what-others-add": [audit, "is found alone, and after repair nothing is"],
    "planted-application-is-left-alone": [
      "engine/ownership.test.ts",
      "an application of our name and description, with a secret of its planter, is left alone",
    ],
    "second-candidate-stops-the-import": [
      "engine/ownership.test.ts",
      "of two that carry the marker none is imported, until a person says which",
    ],
    "refresh-launders-nothing": [
      audit,
      "what a refresh took into the state is found all the same, against the program too",
    ],
    "rewritten-inputs-declare-nothing": [
      "engine/full/attacks.test.ts",
      "inputs that a state's writer changed, of which a preview shows nothing, declare nothing against the program",
    ],
    "planted-key-stops-the-update": [
      "operations/preflight/replacedCertificates.test.ts",
      "a key that was changed in the state replaces the certificate",
    ],
    "planted-key-is-noticed-by-revoke": [
      "engine/full/attacks.test.ts",
      "a key that a state's writer put in the place of a generation's is noticed by the update of revoke",
    ],
    "revoke-goes-by-bytes": [
      "engine/revoke.test.ts",
      "the same bytes or key under other key IDs, on application and service principal: all go, and the thief is refused",
    ],
    "revoke-removes-what-comes-back": [
      "operations/rotation/proveRevocation.test.ts",
      "what the thief puts back within --wait goes again",
    ],
    "revoke-names-what-a-thief-left": ["engine/revoke.test.ts", "what a thief left is named"],
    "kept-credential-is-said-first": [
      "engine/revoke.test.ts",
      "a credential that the state keeps: said, and nothing is changed",
    ],
    "block-names-who-could-lift-it": [
      "operations/tenant/block.test.ts",
      "without --yes nothing is written, and who could lift it is shown first",
    ],
    "older-commit-is-refused": [
      "engine/full/rotationTrouble.test.ts",
      "a configuration from before the last rotation is refused, here and by preflight",
    ],
    "forks-get-nothing": [
      "engine/full/pipelinesGithub.test.ts",
      "what somebody else's fork proposes gets nothing",
    ],
    "no-branch-deploys": [
      "engine/full/pipelinesGitlab.test.ts",
      "no merge request deploys: the deployer does not trust its branch",
    ],
    "deployer-is-no-owner": [component, "gives every resource exactly these inputs"],
    "reader-writes-nothing": [audit, "the identity of these tests may write nothing"],
    "identities-are-audited": [
      "operations/audit/identities.test.ts",
      "an identity: its certificate, rights and wide subject are found",
    ],
  },
  "docs/certificates.md": {
    "export-writes-every-form": [
      "cli/commands/export.test.ts",
      "writes certificate, PFX, its password and PEM, which other programs read",
    ],
    "files-are-their-owners": [
      "cli/commands/export.test.ts",
      "secret files and the folder are their owner's, whatever the umask",
    ],
    "pfx-bytes-stay": [
      "engine/full/arguments.test.ts",
      "a PFX keeps its bytes through an update and a refresh",
    ],
    "compatible-is-3des": [
      "components/pfx/encodePfx.test.ts",
      "compatible: triple DES and SHA-1, 2048 iterations, no salt twice",
    ],
    "modern-is-aes": [
      "components/pfx/encodePfx.test.ts",
      "modern: AES-256 and SHA-256, 2048 iterations, no salt or vector twice",
    ],
    "key-names-its-csp": [
      "components/pfx/encodePfx.test.ts",
      "the certificate has the friendly name, the key has the CSP's name and no other",
    ],
    "openssl-reads-it": ["components/pfx/foreignTools.test.ts", "OpenSSL with $provider"],
    "java-reads-it": ["components/pfx/foreignTools.test.ts", "Java's keytool"],
    "python-reads-it": ["components/pfx/foreignTools.test.ts", "Python's package cryptography"],
    "node-reads-it": ["components/pfx/foreignTools.test.ts", "Node's tls"],
    "windows-imports-it": onWindows,
    "windows-check-script": onWindows,
  },
  "docs/deployer.md": {
    "permissions-suffice": [
      "docs/readme.test.ts",
      "lists the permissions that the sandbox's deploying identity has",
    ],
    "user-roles-need-their-own-right": [
      "operations/preflight/rights.test.ts",
      "userRoleAssignments need a right of their own, which shows where users cannot be looked up",
    ],
    "permissions-have-their-ids": ["cli/deployerPage.test.ts", "the page gives each permission its own id"],
    "page-program-and-preflight-agree": [
      "cli/deployerPage.test.ts",
      "page, program and preflight name the same rights",
    ],
    "no-directory-right-without-roles": [
      "operations/preflight/rights.test.ts",
      "a plan without directory roles needs no right to assign them",
    ],
    "preflight-names-each-missing-permission": [
      "cli/commands/preflight.test.ts",
      "each missing permission is named with what needs it",
    ],
    "deploys-without-a-secret": [
      "engine/full/deployer.test.ts",
      "a pipeline deploys with the identity that the example creates, without a secret",
    ],
    "token-of-github": ["graph/environment.test.ts", "a federated token of GitHub Actions"],
    "token-of-azure": ["graph/environment.test.ts", "a federated token of Azure Pipelines"],
    "token-given-or-in-a-file": [
      "graph/environment.test.ts",
      "a federated token, given or in a file that may change",
    ],
    "owned-by-is-not-enough": {
      unproved: "the sandbox's deployer has all of Application.ReadWrite.All; no test takes it away",
    },
    "az-commands": {
      unproved: "the page says so itself: they have not been run against a tenant of Microsoft's",
    },
  },
  "docs/keyless.md": {
    "each-platform-has-its-subject": [
      "components/arguments/federated/platforms.test.ts",
      "GitHub sends for %j the subject %s",
    ],
    "refuses-before-anything-is-created": [
      "components/arguments/federatedArguments.test.ts",
      "makes of each credential what Entra gets",
    ],
    "wide-subjects-are-refused": [
      "components/arguments/federatedArguments.test.ts",
      "%j is refused, with who could sign in",
    ],
    "preflight-counts-those-of-the-tenant": [
      "operations/preflight/federatedCredentials.test.ts",
      "counts those that the tenant has",
    ],
    "verify-waits-and-explains": [
      "operations/verification/signInProblem.test.ts",
      "a federated token that fits no credential (AADSTS%i)",
    ],
    "somebody-can-sign-in-at-every-moment": [
      "engine/full/keyless.test.ts",
      "from a certificate to federated and back, as the page says, somebody can sign in at every moment",
    ],
    "what-differs-without-a-certificate": [
      "components/federatedCredentials.test.ts",
      "certificate.generations: [] makes no key, no certificate and nothing random but the marker",
    ],
    "audit-compares-with-what-is-declared": [
      "operations/audit/declaredAccess.test.ts",
      "a federated credential is declared by the record, whatever a refresh wrote into its resource",
    ],
    "works-on-microsofts-tenants": onMicrosoft,
  },
  "docs/token.md": {
    "token-alone-on-standard-output": [
      "cli/commands/token.test.ts",
      "a certificate in a file: the token alone on standard output, how long it lasts beside it",
    ],
    "each-source-signs-in": ["cli/commands/token.test.ts", "the platform's federated token"],
    "claims-and-their-credential": [
      "cli/commands/token.test.ts",
      "--show-claims prints what the job's token says, and the credential that would trust it",
    ],
    "shared-subjects-are-warned-of": [
      "cli/commands/token.test.ts",
      "--show-claims warns of a subject that several branches have, and of another cloud's audience",
    ],
    "powershell-takes-it": onMicrosoft,
  },
  "docs/tutorial.md": {
    "prints-what-it-shows": [
      "engine/full/tutorial.test.ts",
      "each command prints what the page shows, and says",
    ],
    "portal-and-powershell": onMicrosoft,
  },
  "docs/fromCredential.md": {
    "new-half-works": [
      "engine/full/fromCredential.test.ts",
      "the new half works: an application with the least role, a proof, and files for the host",
    ],
    "roles-and-what-they-open": [
      "engine/full/fromCredential.test.ts",
      "the page lists every role that app-only authentication supports, with what it opens",
    ],
    "accounts-half": onMicrosoft,
  },
  "docs/leastPrivilege.md": {
    "job-runs-what-is-chosen-and-no-more": [
      leastPrivilege,
      "the example ends in a job that reads recipients, and is refused the rest",
    ],
    "limited-to-recipients": [
      grant,
      "gives role groups and scoped roles, after which the job runs these cmdlets and no others",
    ],
    "no-role-of-entra-by-default": [
      "components/arguments/exchangeAccessArguments.test.ts",
      "declares role groups and roles, in the record too, and then no role of Entra by default",
    ],
    "killed-anywhere": [
      grant,
      "killed after any of its requests and run again, it ends in the declared state",
    ],
    "leaves-alone-what-others-gave": [
      grant,
      "takes away what is no longer declared, and nothing that somebody else gave",
    ],
    "script-does-the-same": {
      unproved:
        "a test holds the script's text; it needs PowerShell with Microsoft's module and a tenant to run",
    },
    "role-management-suffices": [
      grant,
      "an identity with Role Management alone suffices, and one without is told what it lacks",
    ],
    "role-management-needs-a-switch": [grant, "%j needs a switch"],
    "what-a-group-holds-needs-the-switch": [
      "operations/grant/roleManagement.test.ts",
      "a role group that %s is refused, whatever its name says",
    ],
    "takes-over-what-is-there": [
      "operations/grant/roleManagement.test.ts",
      "what an application holds directly is not given once more, and is not taken away",
    ],
    "before-destroy": [
      leastPrivilege,
      "the commands of the page change nothing more, write a script, and take everything away",
    ],
    "microsofts-tenant": onMicrosoft,
  },
  "docs/timedRoles.md": {
    "a-role-ends-then": [
      "operations/timedRoles/grantTimedRoles.test.ts",
      "gives a role until its end, shows it first, and finds nothing to do afterwards",
    ],
    "a-role-is-in-one-list": [
      "components/arguments/timedRoleArguments.test.ts",
      "one role in both lists, or twice in one, is refused",
    ],
    "leaves-what-others-gave": [
      "operations/timedRoles/grantTimedRoles.test.ts",
      "takes away what is no longer declared, and what --remove says, and nothing that somebody else gave",
    ],
    "moves-without-a-moment-without-it": [
      timedRoles,
      "from permanent to timed and back, a consumer signs in throughout",
    ],
    "commands-say-when-it-ends": [timedRoles, "the role ends, and the commands say so"],
    "longer-than-declared-is-found": [timedRoles, "what somebody changed is drift, and grant puts it right"],
    "renews-as-the-rules-allow": [
      "operations/timedRoles/grantTimedRoles.test.ts",
      "is renewed until the program's end and no longer, as the tenant's rules let it",
    ],
    "script-does-the-same": {
      unproved:
        "a test holds the script's text; it needs PowerShell with Microsoft's module and a tenant to run",
    },
    "microsofts-tenant": onMicrosoft,
  },
  "docs/exoAuth.md": {
    "ctrl-c-in-every-command": ["engine/interrupt.test.ts", "Ctrl-C in $command"],
    "json-has-the-published-form": [
      "cli/process.test.ts",
      "status --json is one document of the published form, and --output writes the same",
    ],
    "exit-codes-of-preflight": [
      "engine/preflight.test.ts",
      "every obstacle that there is stands in the table",
    ],
    "page-is-that-of-the-table": { unproved: "no test, but `npm run docs -- --check`, which .ci/run calls" },
  },
  "docs/faults.md": {
    "each-kind-is-survived": [
      "engine/faultKinds.test.ts",
      "tenant and state are as declared after a fault of each kind, once the user has done what is said",
    ],
    "each-cell-is-survived": [
      "engine/full/faultsSixth.test.ts",
      "tenant and state are as declared after every fault of this sixth",
    ],
    "each-cell-is-survived-with-the-official-plugins": {
      unproved: "the same test with SANDBOX_PLUGINS=official, which .ci/run does not set",
    },
    "checked-in-results-are-whole": [
      "sandbox/faultTable/table.test.ts",
      "what is checked in for the %s plugins tells of every fault in every operation, each survived",
    ],
    "each-cell-takes-what-it-shows": {
      unproved:
        "the cells are `npm run faults`'s results; the tests go by tenant and state, not by the number of tries",
    },
  },
  "sandbox/README.md": {
    "builds-the-engine-where-the-download-is-refused": [
      "sandbox/toolchain/findPulumi.test.ts",
      "builds with Go where the download is refused",
    ],
    "commands-sign-in-as": [
      "sandbox/commands/identities.test.ts",
      "commands sign in as the operator, or as whom they name",
    ],
    "identities-may-do-what-they-are-for": ["engine/commands.test.ts", "each identity may do what it is for"],
    "tenants-of-your-own": [
      "engine/commands.test.ts",
      "a tenant of one's own, unkind at random, is worked on instead",
    ],
  },
  "sandbox/docs/differences.md": {
    "every-route-answers": [
      "sandbox/tenant/routes.test.ts",
      "every row of the table is a route that answers",
    ],
    "token-in-entras-shape": [
      "sandbox/tenant/signIn.test.ts",
      "a client secret gets an app-only token in Entra's shape",
    ],
    "answers-as-recorded": [
      "sandbox/tenant/recordings.test.ts",
      "every request of a stack's life is answered as the plugin needs it",
    ],
    "what-is-believed": { unproved: "the page lists it as not confirmed" },
  },
  "sandbox/docs/conformance.md": {
    "says-and-cleans-up": [
      "sandbox/conformance/conform.test.ts",
      "a run says what it does, compares, deletes everything for good, and leaves a report",
    ],
    "read-only-creates-nothing": [
      "sandbox/conformance/conform.test.ts",
      "reading only sends nothing but questions",
    ],
    "one-question-an-option": [
      "sandbox/conformance/conform.test.ts",
      "somebody who says no changes nothing, and each option has a question of its own",
    ],
    "only-the-typed-tenant": [
      "sandbox/conformance/conform.test.ts",
      "another tenant than the one that was typed is refused before anything",
    ],
    "ctrl-c-cleans-up": [
      "sandbox/conformance/conform.test.ts",
      "Ctrl-C ends the run after the request under way, and cleans up",
    ],
    "killed-anywhere-leaves-nothing": [
      "sandbox/conformance/killed.test.ts",
      "whenever a run of $id is killed, cleaning up leaves nothing",
    ],
    "deploys-and-leaves-nothing": [
      "engine/full/conformance.test.ts",
      "a deployment and a rotation in a tenant that is a sandbox differ in nothing, and nothing is left",
    ],
    "killed-deployment-leaves-nothing": [
      "engine/full/conformance.test.ts",
      "whenever a deployment is killed at a %s, Pulumi ends with it, and cleaning up leaves nothing",
    ],
    "writes-to-nothing-else": [
      "sandbox/conformance/workplace.test.ts",
      "a write that names nothing of the run is not sent",
    ],
    "limits-hold": [
      "sandbox/conformance/slowTenant.test.ts",
      "a run ends at its limit of $title, and says what it did not reach",
    ],
    "no-name-in-a-report": [
      "sandbox/conformance/report.test.ts",
      "no name, ID or domain of the tenant gets into a report, wherever a tenant has it",
    ],
    "differences-are-found": [
      "sandbox/conformance/planted.test.ts",
      "a planted $title in the last answer of each case is found, named, and nothing else",
    ],
    "in-a-tenant-of-microsofts": onMicrosoft,
  },
  "docs/conformance.md": {
    "states-of-beliefs": [
      "sandbox/conformance/report.test.ts",
      "the page says of each belief whether it is confirmed, refuted or open, as the newest report has it",
    ],
  },
  "docs/benchmarks.md": {
    "figures-can-be-read": [
      "benchmarks/page.test.ts",
      "the sections that are checked in can be read, in the order of their names",
    ],
    "figures-are-as-measured": {
      unproved: "figures are of one machine and one day; `npm run bench` measures anew",
    },
  },
  "CONTRIBUTING.md": {
    "leaves-git-clean": { unproved: "no test looks at git's status after a run" },
    "blocks-are-checked": ["docs/typescript.test.ts", "type-checks every TypeScript block of the pages"],
    "commands-are-checked": ["docs/commands.test.ts", "has no command without a check"],
  },
  "docs/architecture.md": {
    "imports-go-one-way": ["docs/architecture.test.ts", "lets %s/ import nothing of the repository but %j"],
    "no-circle": ["docs/architecture.test.ts", "has no circle of imports, types included"],
    "texts-have-a-sample": {
      unproved:
        "the type of the samples in tests/common/errorTexts.test.ts asks for each; the type checker says so",
    },
    "one-word-a-thing": judgement,
  },
  "docs/recipes/README.md": {
    "recipes-lead-there": { unproved: "each was tried by hand; no test adds a role or a command" },
  },
  "docs/recipes/component.md": {
    "every-place-knows-every-child": [
      "common/childResources.test.ts",
      "every place that has to know the children in the tenant knows each of them",
    ],
    "every-role-is-listed": [
      "microsoft/roles.test.ts",
      "holds the eight roles of Microsoft's page, with what each opens",
    ],
    "default-lifetime": [component, "gives every resource exactly these inputs"],
  },
  "docs/recipes/commandLine.md": {
    "every-command-is-listed": ["docs/readme.test.ts", "names every command of exo-auth once"],
    "every-command-is-interrupted": ["engine/interrupt.test.ts", "every command is interrupted"],
    "every-rule-is-made-in-the-tenant": [
      audit,
      "every kind of finding is made in the tenant here, but for what no tenant takes",
    ],
    "pipelines-have-their-platforms-form": [
      "examples/pipelines.test.ts",
      "each file for %s is valid by the published schema",
    ],
  },
  "docs/recipes/sandbox.md": {
    "every-route-answers": [
      "sandbox/tenant/routes.test.ts",
      "every row of the table is a route that answers",
    ],
    "every-fault-is-in-the-table": [
      "sandbox/faultTable/table.test.ts",
      "what is checked in for the %s plugins tells of every fault in every operation, each survived",
    ],
  },
  "docs/testing.md": {
    "projects-are-split-as-said": {
      unproved: "vitest.config.ts is short; nothing compares it with the page",
    },
  },
};
