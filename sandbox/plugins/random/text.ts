import type { ResourceType } from "../protocol/resource.ts";
import { computed, text } from "../protocol/schema.ts";
import { characterFields, importedCharacters, planCharacters, randomText } from "./characters.ts";

/** `random.RandomString`. */
export const randomString: ResourceType<undefined> = {
  fields: { ...characterFields, id: computed(text), result: computed(text) },
  schemaVersion: 2,
  plan: planCharacters,
  create(operation, planned) {
    const result = randomText(planned);
    operation.setId(result);
    return Promise.resolve({ ...planned, id: result, result });
  },
  read(_, id, state) {
    return Promise.resolve(
      Object.keys(state).length > 0 ? state : { ...importedCharacters, id, length: id.length, result: id },
    );
  },
};
