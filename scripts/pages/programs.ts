import { readFileSync } from "node:fs";
import path from "node:path";

const root = path.dirname(path.dirname(import.meta.dirname));

/** The same program in each language that has an example: a heading, the fence's language, and its file. */
const programs = [
  ["TypeScript", "ts", "examples/basic/index.ts"],
  ["YAML", "yaml", "examples/yaml/Pulumi.yaml"],
  ["Python", "python", "examples/python/__main__.py"],
  ["Go", "go", "examples/go/main.go"],
] as const;

/** The languages that have the program, the first one first: the heading, the fence's language, and the program. */
export function programsByLanguage(): readonly { title: string; language: string; text: string }[] {
  return programs.map(([title, language, file]) => ({
    title,
    language,
    text: readFileSync(path.join(root, file), "utf8").replaceAll("\t", "    ").trimEnd(),
  }));
}

/**
 * The same program in one language after the other, in Markdown.
 *
 * @param level how deep the headings are
 * @param without a language that is shown elsewhere
 */
export function programsInMarkdown(level: number, without?: string): string {
  return programsByLanguage()
    .filter(({ title }) => title !== without)
    .map(
      ({ title, language, text }) => `${"#".repeat(level)} ${title}\n\n\`\`\`${language}\n${text}\n\`\`\`\n`,
    )
    .join("\n");
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

${programsInMarkdown(2)}`;
}
