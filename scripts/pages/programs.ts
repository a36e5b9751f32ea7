import { readFileSync } from "node:fs";
import path from "node:path";

const root = path.dirname(path.dirname(import.meta.dirname));

/** The same program in each language that has an example: a title, the fence's language, and its file. */
const programs = [
  ["TypeScript", "ts", "examples/basic/index.ts"],
  ["YAML", "yaml", "examples/yaml/Pulumi.yaml"],
  ["Python", "python", "examples/python/__main__.py"],
  ["Go", "go", "examples/go/main.go"],
] as const;

interface Program {
  readonly title: string;
  /** The fence's language. */
  readonly language: string;
  /** The example's folder. */
  readonly example: string;
  readonly text: string;
}

/** The languages that have the program, the first one first. */
export function programsByLanguage(): readonly Program[] {
  return programs.map(([title, language, file]) => ({
    title,
    language,
    example: path.dirname(file),
    text: readFileSync(path.join(root, file), "utf8").replaceAll("\t", "    ").trimEnd(),
  }));
}

/**
 * A chooser in Markdown: the same program in each language, of which the reader opens one.
 *
 * @param up from the page's folder to the repository's, as in `../`
 * @param without a language that is shown elsewhere
 */
export function languageChooser(up: string, without?: string): string {
  return programsByLanguage()
    .filter(({ title }) => title !== without)
    .map(
      ({ title, language, text, example }) =>
        `<details>\n<summary>${title}</summary>\n\n\`\`\`${language}\n${text}\n\`\`\`\n\n[The commands](${up}${example}/README.md)\n\n</details>\n`,
    )
    .join("\n");
}

const chooserHeading = "\n## Choose a language\n";

/** docs/tutorial.md, which people write, with the chooser of languages between two of its headings. */
export function tutorialPage(): string {
  const page = readFileSync(path.join(root, "docs/tutorial.md"), "utf8");
  const begin = page.indexOf(chooserHeading);
  const end = page.indexOf("\n## ", begin + chooserHeading.length);
  if (begin < 0 || end < 0)
    throw new Error(`docs/tutorial.md needs the heading "${chooserHeading.trim()}", and one after it.`);
  const text = `For a program of your own, open your language. [Languages](languages.md) says what each one needs. [A template](template.md) needs no program.\n\n${languageChooser("../")}`;
  return `${page.slice(0, begin)}${chooserHeading}\n${text}${page.slice(end)}`;
}

/** docs/languages.md: the chooser of languages. */
export function languagesPage(): string {
  return `# Choose a language

For people who write a program of their own. The component and its resources are the same in each language, and \`exo-auth\` works on each stack. At the end, you know which example to copy.

| language   | choose it if                                    | you need                            | example                                   |
| ---------- | ----------------------------------------------- | ----------------------------------- | ----------------------------------------- |
| TypeScript | you use \`AppCertificate\` or \`readExchangeStack\` | Node 24                             | [TypeScript](../examples/basic/README.md) |
| YAML       | you want no programming language                | Node 22.12 or newer, for the plugin | [YAML](../examples/yaml/README.md)        |
| Python     | your other programs are in Python               | the same, and Python 3.9 or newer   | [Python](../examples/python/README.md)    |
| Go         | your other programs are in Go                   | the same, and Go 1.26 or newer      | [Go](../examples/go/README.md)            |

TypeScript gets the component from npm. The other languages get it from the plugin, which \`pulumi package add\` adds to a program. [The example in YAML](../examples/yaml/README.md#from-a-release) has the command.

Arguments and outputs have the names of [the reference](reference/interfaces/ExchangeAppOnlyAuthArgs.md), written as the language writes names: \`displayName\` is \`display_name\` in Python and \`DisplayName\` in Go. If the program itself lists the certificate's generations, \`exo-auth rotate\` prints what to write, in its language.

In Python, Pulumi's SDK prints a traceback after a message about wrong arguments. It says nothing about your program. The message has every problem.

Pulumi's SDK for Python also writes the values of exported secrets into its debug messages. \`--debug\` and \`--json\` print them. If others can read the log, use neither with a program that exports \`pfxBase64\`, \`pfxPassword\` or \`privateKeyPem\`.

## The same program in each language

${languageChooser("../")}`;
}
