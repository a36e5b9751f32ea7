// Prints the body of a request about what is new: issue.mjs KIND TITLE FILE LINK
import { readFileSync } from "node:fs";

const [kind, title, file, link] = process.argv.slice(2);
const found = readFileSync(file, "utf8");
const markdown = `${found}\nThe page is in the artifact \`fleet\` of ${link}\n`;
// A work item's text is HTML. As it came, without Markdown's own backslashes.
const html = `<pre>${escaped(found.replaceAll(/\\([!-/:-@[-`{-~])/g, "$1"))}</pre><p><a href="${escaped(link)}">The page is in the artifact fleet of this run</a></p>`;
const set = (field, value) => ({ op: "add", path: `/fields/System.${field}`, value });

const bodies = {
  "azure-find": {
    query: `SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = @project AND [System.Title] = '${title}' AND [System.Tags] CONTAINS 'exo-auth' AND [System.State] NOT IN ('Closed', 'Done', 'Removed', 'Resolved') ORDER BY [System.Id] DESC`,
  },
  "azure-open": [set("Title", title), set("Description", html), set("Tags", "exo-auth")],
  "azure-add": [set("History", html)],
  "gitlab-open": { title, description: markdown, labels: "exo-auth", confidential: true },
  "gitlab-add": { body: markdown, internal: true },
};
process.stdout.write(JSON.stringify(bodies[kind]));

function escaped(text) {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
