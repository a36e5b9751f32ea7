import { onMicrosoft, type Promises, onWindows, onPlatform } from "./proof.ts";

const component = "components/exchangeAppOnlyAuth.test.ts";
const lifecycle = "engine/lifecycle.test.ts";
const github = "engine/full/pipelinesGithub.test.ts";
const azure = "engine/full/pipelinesAzure.test.ts";
const gitlab = "engine/full/pipelinesGitlab.test.ts";
const languages = "engine/full/languages.test.ts";
const examples = "engine/full/examples.test.ts";

/** What examples, pipelines and decisions promise. */
export const examplePromises: Promises = {
  "docs/pipelines/README.md": {
    "previews-open-nothing": [azure, "a pull request is previewed without a state or a key"],
    "a-program-that-fails": [github, "a program that cannot be planned fails the preview, and says why"],
    "who-gets-which-secret": [
      "examples/pipelines.test.ts",
      "what opens the keys reaches rotations and deployments alone, and a preview gets nothing",
    ],
    "reading-opens-nothing": ["engine/withoutKeys.test.ts", "%s %s %s %s"],
    "one-stack-does-not-stop-others": [
      github,
      "a stack that fails does not stop the others, and the job fails",
    ],
    "unread-goes-before-found": [github, "what cannot be read goes before what was found"],
    shards: [
      "operations/matrix/shards.test.ts",
      "every stack is in exactly one job, the jobs differ by one stack at most, and order does not matter",
    ],
    "no-file-holds-a-secret": [
      "examples/pipelines.test.ts",
      "no file holds a secret: they are the platform's",
    ],
    "installs-what-is-pinned-alone": [
      github,
      "a Pulumi or a plugin that is not what was pinned never runs, and no later step does",
    ],
    "everything-is-pinned": ["examples/pins.test.ts", "%s runs nothing without a pin"],
    "half-a-gigabyte": {
      unproved: "no test measures a job's memory; the benchmark driftAndAudit does of its parts",
    },
    "limits-of-platforms": onPlatform,
  },
  "docs/pipelines/fleet.md": {
    "one-page-and-one-issue-on-github": [
      github,
      "the page of every stack is kept, and one issue says what is new",
    ],
    "a-public-repository-keeps-nothing": [github, "a public repository keeps no page and opens no issue"],
    "one-page-and-one-work-item-on-azure": [
      azure,
      "the page of every stack is kept, and one work item says what is new",
    ],
    "one-page-and-one-issue-on-gitlab": [
      gitlab,
      "the page of every stack is kept, and one confidential issue says what is new",
    ],
    "a-stack-without-a-document-is-not-read": [
      "cli/commands/fleetReport.test.ts",
      "a stack that was to be checked and left no document is not read, and never was",
    ],
    "what-happened-to-fifty-tenants": [
      "engine/full/fleetOfFifty.test.ts",
      "the step of %s makes the same page from the jobs' documents",
    ],
    "how-long-platforms-keep-it": onPlatform,
  },
  "docs/pipelines/github.md": {
    "previews-in-one-comment": [
      github,
      "a pull request is previewed in one comment, without a state or a key",
    ],
    "rules-keep-branches-out": [github, "what a pull request makes of the workflows does not get into %s"],
    "forks-get-nothing": [github, "what somebody else's fork proposes gets nothing"],
    "deploys-what-is-merged": [github, "what is merged is deployed, stack by stack"],
    "expiry-is-told": [github, "a certificate that ends within 30 days is told, and no other"],
    "rotation-is-one-request": [
      github,
      "a rotation that is due becomes one pull request, however often it runs",
    ],
    "an-attackers-secret-is-found": [
      github,
      "an attacker's client secrets, on the application and on the reader, are all that is found, and the reports of the others stay clean",
    ],
    "permissions-one-by-one": [
      "examples/pipelines.test.ts",
      "gives each job its permissions one by one, and none to all",
    ],
    "actions-are-pinned": [
      "examples/pipelines.test.ts",
      "pins every action by its commit, with the version beside it",
    ],
    "set-up": onPlatform,
  },
  "docs/pipelines/azure.md": {
    "deploys-with-a-token-a-stack": [
      azure,
      "what is merged is deployed, stack by stack, each with a token of its own",
    ],
    "checks-keep-branches-out": [azure, "%s gets nothing from the store for another branch than main"],
    "expiry-is-told": [azure, "a certificate that ends within 30 days is an error beside the job"],
    "rotation-is-one-request": [
      azure,
      "a rotation that is due becomes one pull request, however often it runs",
    ],
    "an-attackers-secret-is-found": [
      azure,
      "an attacker's client secrets, on the application and on the reader, are all that fails",
    ],
    "set-up": onPlatform,
  },
  "docs/pipelines/gitlab.md": {
    "previews-open-nothing": [gitlab, "a merge request is previewed without a state or a key"],
    "protected-variables": [
      gitlab,
      "a merge request's pipeline gets no protected variable, whatever environment its jobs name",
    ],
    "no-merge-request-deploys": [gitlab, "no merge request deploys: the deployer does not trust its branch"],
    "deploys-what-is-merged": [gitlab, "what is merged is deployed, stack by stack"],
    "rotation-is-one-request": [
      gitlab,
      "a rotation that is due becomes one merge request, however often it runs",
    ],
    "an-attackers-secret-is-found": [
      gitlab,
      "an attacker's client secrets, on the application and on the reader, are all that fails",
    ],
    "set-up": onPlatform,
  },
  "docs/pipelines/pulumiDeployments.md": {
    "settings-and-schedule": [
      "engine/full/pulumiDeployments.test.ts",
      "the commands of the page make the settings and the schedule that it describes",
    ],
    "what-pulumi-cloud-does": onPlatform,
  },
  "docs/decisions/readingOpensNoKey.md": {
    "sealed-is-not-elsewhere": [
      "stack/components.test.ts",
      "a private key that is sealed is not one that is elsewhere, and what is public needs none",
    ],
    "a-text-for-each-secret": [
      "stack/blankState.test.ts",
      "a text stands in the place of each secret, and everything else stays",
    ],
    "same-changes-are-found": ["engine/withoutKeys.test.ts", "$name is found alone"],
    "repair-shows-the-same": [
      "engine/withoutKeys.test.ts",
      "repair shows without a passphrase what it shows with it, and imports with it alone",
    ],
  },
  "docs/decisions/adoptAndForget.md": {
    "principal-is-adopted": [
      "engine/refusedDelete.test.ts",
      "the next `up` adopts it and puts everything back",
    ],
    "only-the-principal-is-forgotten": [
      "engine/refusedDelete.test.ts",
      "after a refused delete of the application, only its service principal is forgotten",
    ],
  },
  "docs/decisions/markers.md": {
    "a-planted-application-is-left-alone": [
      "engine/ownership.test.ts",
      "an application of our name and description, with a secret of its planter, is left alone",
    ],
    "one-candidate-alone": [
      "engine/ownership.test.ts",
      "of two that carry the marker none is imported, until a person says which",
    ],
    "used-once": [
      "engine/ownership.test.ts",
      "proves nothing after the application is gone, and is replaced by the update that makes another",
    ],
  },
  "docs/decisions/provedInTheTenant.md": {
    "by-bytes": [
      "operations/rotation/certificateCopies.test.ts",
      "the same bytes are a copy under any key ID and on either object, another certificate is none",
    ],
    "three-refusals": [
      "operations/rotation/refusedKey.test.ts",
      "three refusals in a row are the proof, even where there is no time",
    ],
    "put-back": [
      "operations/rotation/certificateCopies.test.ts",
      "what goes missing beside the write is put back from what was read before it",
    ],
  },
  "docs/decisions/securityAndCompliance.md": {
    "left-out-with-false": [
      "components/securityAndCompliance.test.ts",
      "has no `connectIppsSession` with `securityAndCompliance: false`",
    ],
    "first-preview-names-it": [
      "engine/upgrade.test.ts",
      "a stack of 0.1.0 whose role opens Security & Compliance previews the added permission, and nothing else",
    ],
  },
  "docs/decisions/commonJsBuild.md": {
    "require-and-import-take-it": [
      "package/package.test.ts",
      "is imported by an ES module under the same names as it is required",
    ],
    "older-typescript-takes-it": ["package/package.test.ts", "type-checks with %s module settings"],
  },
  "docs/decisions/generationsAreImmutable.md": {
    "live-certificate-is-left-alone": [
      lifecycle,
      "changed certificate settings leave the live certificate alone",
    ],
    "protected-generation-can-be-removed": [
      "engine/options.test.ts",
      "a generation of a protected component can be removed",
    ],
  },
  "docs/decisions/keyIdsAndDates.md": {
    "whole-seconds-change-nothing": [lifecycle, "`preview --refresh --expect-no-changes` finds nothing"],
    "a-credential-is-not-doubled": [
      "engine/full/faultsRepair.test.ts",
      "imports assignments and a credential whose answers were lost",
    ],
  },
  "docs/decisions/plainArguments.md": {
    "only-what-lies-within-a-child-is-an-input": [
      "package/schema.test.ts",
      "makes only what lies within a child an Input",
    ],
  },
  "docs/decisions/timedRoles.md": {
    "no-moment-without-the-role": [
      "engine/full/timedRoles.test.ts",
      "from permanent to timed and back, a consumer signs in throughout",
    ],
    "killed-and-run-again": [
      "engine/full/grantFaults.test.ts",
      "killed before the answer to any change: run again, it ends in the declared state",
    ],
    "microsofts-tenant": onMicrosoft,
  },
  "docs/decisions/rolesOfExchange.md": {
    "names-are-unique-and-fit": [
      "operations/grant/ownNames.test.ts",
      "no name is longer than Exchange takes, and the hash stays whole",
    ],
    "description-is-the-record": [
      "operations/grant/ownNames.test.ts",
      "the description tells the groups, and another's description tells nothing",
    ],
    "killed-in-between": [
      "operations/grant/grant.test.ts",
      "killed after any of its requests and run again, it ends in the declared state",
    ],
    "names-what-an-earlier-one-left": [
      "operations/grant/grant.test.ts",
      "what an earlier application left is named, and left alone",
    ],
  },
  "docs/decisions/retryHooks.md": {
    "waits-five-minutes-at-most": [
      "components/replication.test.ts",
      "waits longer each time, then ends after about five minutes",
    ],
    "replication-is-waited-for": [
      "engine/faults.test.ts",
      "waits while no object has replicated, and names the `up` that ends the deployer's ownership",
    ],
    "no-second-object": [
      "engine/faults.test.ts",
      "makes no second application where the first was not finished",
    ],
    "mocks-have-no-hooks": [component, "work on the mocks of Pulumi's documentation, which answer nothing"],
  },
  "docs/decisions/standInPlugins.md": {
    "held-against-recordings": [
      "sandbox/plugins/recordedCalls.test.ts",
      "azuread answers each call and sends the tenant the same requests in the same order",
    ],
    "official-plugins-give-the-same": {
      unproved: "the same tests with SANDBOX_PLUGINS=official, which .ci/run does not set",
    },
  },
  "examples/basic/README.md": { works: [examples, "basic"] },
  "examples/existingApplication/README.md": {
    "leaves-the-application-alone": [examples, "existingApplication leaves the application as it was"],
  },
  "examples/ownCertificate/README.md": {
    "key-never-enters-pulumi": [examples, "ownCertificate keeps the key out of Pulumi"],
    "windows-commands": onWindows,
  },
  "examples/leastPrivilege/README.md": {
    works: [
      "engine/full/leastPrivilege.test.ts",
      "the example ends in a job that reads recipients, and is refused the rest",
    ],
  },
  "examples/clouds/README.md": {
    "each-tenant-its-provider": [examples, "clouds signs in to each tenant with its own provider"],
  },
  "examples/consumer/README.md": {
    "names-what-a-stack-lacks": [
      examples,
      "consumer reads the root program's stack, and says what a wrong stack lacks",
    ],
  },
  "examples/deployer/README.md": {
    "no-secret": [
      "engine/full/deployer.test.ts",
      "a pipeline deploys with the identity that the example creates, without a secret",
    ],
  },
  "examples/rotation/README.md": {
    "job-works-all-the-time": [
      "engine/full/rotationExample.test.ts",
      "it follows a rotation, and the job signs in before, while and after",
    ],
    "only-its-owner-reads-it": [
      "engine/full/rotationExample.test.ts",
      "the host gets the certificate, where only its owner reads it",
    ],
  },
  "examples/keyless/README.md": {
    "each-file-gets-a-token": [
      "engine/full/keyless.test.ts",
      "each platform's file gets a token for its job, hides it, and connects with it",
    ],
    "powershell-and-platforms": onPlatform,
  },
  "examples/yaml/README.md": {
    "same-as-typescript": [languages, "the example does what the same program in TypeScript does"],
  },
  "examples/python/README.md": {
    "does-what-typescript-does": [languages, "the example does what the same program in TypeScript does"],
    "all-problems-at-once": [
      languages,
      "wrong arguments are named all at once, without the key, and nothing is created",
    ],
  },
  "examples/go/README.md": {
    "does-what-typescript-does": [languages, "the example does what the same program in TypeScript does"],
  },
  "docs/languages.md": {
    "exo-auth-works-on-each-stack": [
      languages,
      "exo-auth works on its stack: status, verify, audit, drift, and what to change to rotate",
    ],
    "rotate-speaks-the-language": [
      "operations/rotation/byHand.test.ts",
      "a program in %s is changed in its own language",
    ],
  },
  "examples/host/README.md": {
    "no-secret-on-a-command-line": [
      "examples/host.test.ts",
      "hands the password over in the environment, never on the command line, and ends as the job ends",
    ],
    "windows-script": onWindows,
  },
  "examples/pipelines/README.md": {
    "scripts-run-on-every-platform": ["examples/pipelines.test.ts", "is a script of a plain shell"],
  },
  "examples/README.md": { "every-example-runs": [examples, "every example is run by some test"] },
};
