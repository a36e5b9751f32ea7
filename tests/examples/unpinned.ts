import { parse } from "yaml";

const digest = /@sha256:[0-9a-f]{64}$/;
const exactVersion = /^\d+\.\d+\.\d+$/;

/** Microsoft's own tasks are part of Azure Pipelines, as its runners are, and have no finer version than this. */
const ownTasks: ReadonlySet<unknown> = new Set([
  "AzureCLI@2",
  "DownloadPipelineArtifact@2",
  "NodeTool@0",
  "PublishPipelineArtifact@1",
  "PublishTestResults@2",
  "UseNode@1",
]);

/** A runner with its version, as in `ubuntu-24.04`; what a variable names can be any. */
const runner = (name: string): boolean => /^[a-z]+-\d[\w.-]*$/.test(name);

/** Of each key that names something to run or to install: whether a value names the same thing for good. */
const checks: Readonly<Record<string, (value: string) => boolean>> = {
  uses: (action) => action.startsWith("./") || /@[0-9a-f]{40}$/.test(action),
  image: (image) => digest.test(image),
  container: (image) => digest.test(image),
  task: (task) => ownTasks.has(task),
  "runs-on": runner,
  labels: runner,
  vmImage: runner,
  // Of a task; an output of a job is none.
  version: (version) => version.startsWith("${{ steps.") || exactVersion.test(version),
  versionSpec: (version) => exactVersion.test(version),
  // GitLab's includes of what somebody else can change.
  remote: () => false,
  component: () => false,
  // Azure has artifacts of a pipeline's own project, too.
  project: (project) => project === "$(System.TeamProjectId)",
  include: (file) => !/^https?:/.test(file),
  // GitLab's own, which change with it, and those of another repository.
  template: (file) => !/@|\.gitlab-ci\.yml$/.test(file),
  services: (image) => digest.test(image),
  // A repository of somebody else's, whose branches and tags can move.
  repository: () => false,
};

const scriptKeys: ReadonlySet<string> = new Set([
  "run",
  "bash",
  "pwsh",
  "powershell",
  "inlineScript",
  "script",
  "before_script",
  "after_script",
]);

/** What a pipeline of any platform runs or installs that can be something else tomorrow, as it stands there. */
export function unpinnedInPipeline(text: string): readonly string[] {
  return lookAt(parse(text), "");
}

function lookAt(value: unknown, key: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((part) => lookAt(part, key));
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([name, part]) =>
      lookAt(part, ["image", "services"].includes(key) && name === "name" ? key : name),
    );
  }
  const text = String(value);
  if (scriptKeys.has(key)) return unpinnedInScript(text);
  return isPinned(key, text) ? [] : [`${key}: ${text}`];
}

function isPinned(key: string, value: string): boolean {
  // The versions of languages that setup actions install.
  if (/\w-version(-file)?$/.test(key)) return exactVersion.test(value);
  return checks[key]?.(value) !== false;
}

const download = /\bcurl\b.*(?: --output\b| --remote-name\b| -[a-zA-Z]*[oO]\b|>)/;
const noForm = /^(?!)/;

/** Commands that fetch, each with its form that fetches the same thing for good, if there is one. */
const fetching: readonly (readonly [command: RegExp, pinnedForm: RegExp])[] = [
  [
    /\bnpm\b.* (ci|cit|ic|clean-install|install-clean|install|install-test|it|i|add|update|upgrade|up|exec|x|init|create)\b/,
    /\bnpm ci --ignore-scripts\b(?!.*--(?:no-ignore-scripts|ignore-scripts=))/,
  ],
  [/\bnpx\b/, /\bnpx --no-install\b/],
  [/\b(yarn|pnpm|bun|bunx|corepack|pipx|uv|uvx|deno)\b/, noForm],
  [/\b(cargo|gem) install\b/, noForm],
  [/\bgit\b.* (clone|submodule)\b/, noForm],
  [/\bpip[\d.]*\b.* (install|download)\b/, /--require-hashes\b/],
  [/\bgo (install|run|get)\b/, noForm],
  [/\b(docker|podman|nerdctl)\b.* (run|pull|build|compose)\b/, /@sha256:[0-9a-f]{64}/],
  [
    /\b(apt-get|apt|apk|dnf|yum|zypper|snap|brew|choco|winget|conda|nuget|helm)\b.* (install|add|pull)\b/,
    noForm,
  ],
  [
    /\b(Install|Save|Update)-(Module|PSResource|Script|Package|PackageProvider)\b/,
    // A version of PowerShell's gallery cannot be replaced.
    /-(RequiredVersion|Version) \d+(\.\d+)+(?=\s|$)/,
  ],
  [/\b(az|gh) extension (add|install)\b/, noForm],
  [/\bgh (release|run) download\b/, noForm],
  [/\bdotnet (tool|workload) install\b/, noForm],
  [/\bdotnet (add|restore)\b/, noForm],
  [
    /\bpulumi (install|(plugin|package|policy) (install|add))\b/,
    /\bpulumi plugin install resource .* --file (?!\w+:)/,
  ],
  [
    /\b(curl|wget|irm|iwr|Invoke-RestMethod|Invoke-WebRequest)\b.*\|\s*((sudo|env)\b.*)?(\S*\/)?((ba|da|z)?sh|pwsh|iex|Invoke-Expression|python[\d.]*|perl|ruby|node(?! --print)|tar|bsdtar|unzip|gunzip|zcat|tee|dd)\b/,
    noForm,
  ],
  [/\b(sh|bash|eval|source)\b.*[<$]\(\s*(curl|wget)\b/, noForm],
  [/<\(\s*(curl|wget)\b/, noForm],
  [/\b(iex|Invoke-Expression)\b/, noForm],
  [/\b(wget|aria2c|Invoke-WebRequest|iwr|Start-BitsTransfer)\b/, noForm],
  [download, noForm],
];

/**
 * The commands of a script that fetch what can be something else tomorrow. A download may go into a folder whose files are
 * compared with checksums.
 */
export function unpinnedInScript(text: string): readonly string[] {
  const checked = [...text.matchAll(/\bcd "(\$\w+)" && sha256sum --check --strict\b/g)].map(
    ([, folder]) => folder,
  );
  const lines = text
    .replaceAll(/\\\n\s*/g, "")
    .replaceAll(/\|\s*\n\s*/g, "| ")
    .split("\n");
  const commands = lines.flatMap((line) => line.replace(/(^|\s)#.*$/, "").split(/&&|;|\|\|/));
  return commands
    .map((command) => command.trim())
    .filter(
      (command) =>
        !checked.some((folder) => /^curl [^|]*$/.test(command) && command.includes(` --output "${folder}/`)),
    )
    .filter((command) => fetching.some(([fetches, form]) => fetches.test(command) && !form.test(command)));
}
