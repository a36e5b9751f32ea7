import { randomUUID } from "node:crypto";

import { Diagnostic, type ResourceType } from "../protocol/resource.ts";
import { computed, text } from "../protocol/schema.ts";
import { keepers } from "./keepers.ts";

/** `random.RandomUuid`. */
export const randomUuid: ResourceType<undefined> = {
  fields: { id: computed(text), keepers, result: computed(text) },
  create(operation, planned) {
    const id = randomUUID();
    operation.setId(id);
    return Promise.resolve({ ...planned, id, result: id });
  },
  read(_, id, state) {
    if (Object.keys(state).length > 0) return Promise.resolve(state);
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) {
      throw new Diagnostic("Import Random UUID Error", `The id must be a UUID, got "${id}"`);
    }
    return Promise.resolve({ id, result: id });
  },
};
