import type { ResourceType } from "../protocol/resource.ts";
import { computed, text } from "../protocol/schema.ts";
import type { Properties } from "../protocol/values.ts";
import { characterFields, importedCharacters, planCharacters, randomText } from "./characters.ts";

/** `random.RandomPassword`: a random text that is secret. */
export const randomPassword: ResourceType<undefined> = {
  fields: {
    ...characterFields,
    bcryptHash: computed(text, { secret: true }),
    id: computed(text),
    result: computed(text, { secret: true }),
  },
  schemaVersion: 3,
  plan: planCharacters,
  async create(operation, planned) {
    const result = randomText(planned);
    operation.setId("none");
    return { ...planned, ...(await stateOf(result)) };
  },
  async read(_, id, state) {
    if (Object.keys(state).length > 0) return state;
    return { ...importedCharacters, ...(await stateOf(id)), length: id.length };
  },
};

async function stateOf(result: string): Promise<Properties> {
  const { genSalt, hash } = await import("bcryptjs");
  // The same algorithm as Go's, which goes by an older name.
  const salt = (await genSalt(10)).replace("$2b$", "$2a$");
  return { bcryptHash: await hash(result, salt), id: "none", result };
}
