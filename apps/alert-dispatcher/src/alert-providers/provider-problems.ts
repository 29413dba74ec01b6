import { redactUrl } from "@burgee/service-kit";
import { isProviderType, providerTypes } from "../providers/index.ts";

/** What the spec of an AlertProvider says, when nothing is wrong with it. */
export interface ParsedSpec {
  readonly type: string;
  readonly channel: string;
  readonly username: string;
  readonly address: string | undefined;
  readonly proxy: string | undefined;
  readonly secretName: string | undefined;
}

/** Where messages go when neither AlertProvider nor settings name a channel; upstream's word. */
export const defaultChannel = "general";
const defaultUsername = "flagger";

/** Reads what an API server may really return. The problems name path, value and what would be right; addresses only by their host. */
export function parseAlertProvider(
  spec: unknown,
): { readonly parsed: ParsedSpec } | { readonly problems: readonly string[] } {
  if (!isRecord(spec))
    return { problems: [`spec is ${shown(spec)}, expected an object with type and address or secretRef`] };
  const problems: string[] = [];
  const text = (path: string, value: unknown): string | undefined => {
    if (value === undefined || value === null || value === "") return undefined;
    if (typeof value === "string") return value;
    problems.push(`${path} is ${shown(value)}, expected a string`);
    return undefined;
  };
  const link = (path: string, value: unknown): string | undefined => {
    const url = text(path, value);
    if (url !== undefined && !isHttpUrl(url)) {
      problems.push(
        `${path} is ${shown(redactUrl(url, { path: "hide" }))}, expected a URL starting with http:// or https://`,
      );
    }
    return url;
  };
  const type = text("spec.type", spec.type) ?? "";
  if (!isProviderType(type)) {
    problems.push(
      `spec.type is ${type === "" ? "missing" : shown(type)}, expected one of: ${providerTypes.join(", ")}`,
    );
  }
  const secretRef: unknown = spec.secretRef;
  const secretName = isRecord(secretRef) ? text("spec.secretRef.name", secretRef.name) : undefined;
  if (secretRef !== undefined && secretName === undefined) {
    problems.push("spec.secretRef.name is missing, expected the name of a Secret with the key address");
  }
  const address = link("spec.address", spec.address);
  if (address === undefined && secretRef === undefined) {
    problems.push(
      "spec.address is missing, expected a URL there or in the key address of the Secret named by spec.secretRef",
    );
  }
  const parsed = {
    type,
    channel: text("spec.channel", spec.channel) ?? defaultChannel,
    username: text("spec.username", spec.username) ?? defaultUsername,
    address,
    proxy: link("spec.proxy", spec.proxy),
    secretName,
  };
  return problems.length > 0 ? { problems } : { parsed };
}

/** Whether a text is a URL that can be posted to. */
export function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? "missing";
}
