import { parseJson } from "@burgee/service-kit";
/** What Flagger and the canary-controller post to a webhook. Unknown fields are ignored. */
export interface HookPayload {
  readonly name: string;
  readonly namespace: string;
  readonly phase: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Undefined when the body is no JSON object, or one of whose fields has the wrong kind (as in upstream's typed reading). */
export function parsePayload(body: string): HookPayload | undefined {
  const json = parseJson(body);
  if (typeof json !== "object" || json === null || Array.isArray(json)) return undefined;
  const fields = new Map<string, unknown>(Object.entries(json));
  const text = (name: string): string | undefined => {
    const value = fields.get(name) ?? "";
    return typeof value === "string" ? value : undefined;
  };
  const [name, namespace, phase] = [text("name"), text("namespace"), text("phase")];
  const metadata = parseMetadata(fields.get("metadata") ?? {});
  if (name === undefined || namespace === undefined || phase === undefined || metadata === undefined) return undefined;
  return { name, namespace, phase, metadata };
}

/** Values that are no strings are written as JSON: our controller passes metadata of any kind on. */
function parseMetadata(value: unknown): Record<string, string> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]: [string, unknown]) => [
      name,
      typeof item === "string" ? item : JSON.stringify(item),
    ]),
  );
}
