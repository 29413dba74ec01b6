/** `key=value,key=value` as OpenTelemetry's variables have it: spaces around keys and values do not count, values are percent-encoded. */
export function pairsFrom(text: string): { pairs: Record<string, string>; problems: string[] } {
  const pairs: Record<string, string> = {};
  const problems: string[] = [];
  for (const item of text.split(",").filter((part) => part.trim() !== "")) {
    const at = item.indexOf("=");
    const key = item.slice(0, at).trim();
    const value = at < 1 || key === "" ? undefined : decoded(item.slice(at + 1).trim());
    // The value may be a secret: only its place is told.
    if (value === undefined) problems.push(`item ${text.split(",").indexOf(item) + 1} is not key=value`);
    else pairs[key] = value;
  }
  return { pairs, problems };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
