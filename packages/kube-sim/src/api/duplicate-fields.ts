const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/** Paths of the fields that JSON text gives more than once, which reading it hides. The text is valid JSON. */
export function duplicateFields(text: string): string[] {
  const found: string[] = [];
  const open: { path: string; seen: Set<string> | undefined; field: string; index: number }[] = [];
  let last = "";
  for (const [part] of text.matchAll(token)) {
    const top = open.at(-1);
    if (part === "{" || part === "[") {
      const path = top ? pathBelow(top) : "";
      open.push({ path, seen: part === "{" ? new Set() : undefined, field: "", index: 0 });
    } else if (part === "}" || part === "]") open.pop();
    else if (part === "," && top) top.index++;
    else if (part === ":" && top?.seen) {
      top.field = String(JSON.parse(last));
      if (top.seen.has(top.field)) found.push(pathBelow(top));
      top.seen.add(top.field);
    } else last = part;
  }
  return found;
}

function pathBelow({
  path,
  seen,
  field,
  index,
}: {
  path: string;
  seen: unknown;
  field: string;
  index: number;
}): string {
  if (!seen) return `${path}[${index}]`;
  return path ? `${path}.${field}` : field;
}
