import Type from "typebox";

/** A text out of a closed list. */
export function oneOf<const T extends readonly string[]>(values: T, description?: string) {
  return Type.Unsafe<T[number]>({
    type: "string",
    enum: [...values],
    ...(description !== undefined && { description }),
  });
}
