// {{ variable }} and $(params.variable) in a hook's metadata.

/** Values by name, for {{ name }} and $(params.name). */
export type HookVariables = Readonly<Record<string, string>>;

/** The metadata to send, or why it must not be sent. */
export type Expansion = { metadata: Readonly<Record<string, unknown>> } | { problem: string };

/** What may be put into a user's command line: image references and names hold no character that a shell would act on. */
const harmless = /^[A-Za-z0-9_./:@+-]{0,512}$/;
const placeholder = /\{\{\s*\.?([A-Za-z][\w.-]*)\s*\}\}|\$\(params\.([A-Za-z][\w.-]*)\)/g;

/** Replaces the known variables in every string of the metadata. Unknown ones stay as written: they may belong to the receiver. */
export function expandMetadata(metadata: Readonly<Record<string, unknown>>, variables: HookVariables): Expansion {
  const problems: string[] = [];
  const expandText = (text: string) =>
    text.replace(placeholder, (written, braced: string | undefined, param: string | undefined) => {
      const name = braced ?? param ?? "";
      const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
      if (value === undefined) return written;
      if (!harmless.test(value))
        problems.push(`${name} is ${JSON.stringify(value)}, expected only letters, digits and _./:@+-`);
      return value;
    });
  const expand = (value: unknown): unknown => {
    if (typeof value === "string") return expandText(value);
    if (Array.isArray(value)) return value.map(expand);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, expand(inner)]));
  };
  const expanded = Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, expand(value)]));
  return problems.length === 0 ? { metadata: expanded } : { problem: problems.join("; ") };
}
