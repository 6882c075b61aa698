/** The JSON text `null` as a whole value: null in every expression, but not the absence of a value that Kafka calls a tombstone. */
class JsonNull {
  toJSON(): null {
    return null;
  }
}

/** The only one. */
export const jsonNull: unknown = new JsonNull();

/** Whether a value is null for an expression. */
export function isNull(value: unknown): boolean {
  return value === null || value === jsonNull;
}
