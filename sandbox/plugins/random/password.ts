import type { ResourceType } from "../protocol/resource.ts";
import { computed, text } from "../protocol/schema.ts";
import type { Properties } from "../protocol/values.ts";
import { characterFields, planCharacters, randomText } from "./characters.ts";

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
    return { ...planned, ...(await describe(result)) };
  },
  async read(_, id, state) {
    return Object.keys(state).length > 0 ? state : { ...(await describe(id)), length: id.length };
  },
};

async function describe(result: string): Promise<Properties> {
  const { hash } = await import("bcryptjs");
  return { bcryptHash: await hash(result, 10), id: "none", result };
}
