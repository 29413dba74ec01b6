import { type Dialer, DialError, redactText } from "@burgee/service-kit";
import { readInstantAnswer } from "./prometheus-answer.ts";
import type {
  Credentials,
  MetricProvider,
  ProviderQuery,
  ProviderSettings,
  QueryAnswer,
  SettingProblem,
} from "./provider.ts";

const timeoutMs = 5_000;
const maxBytes = 1024 * 1024;
/** Servers and proxies accept URLs of 8 KB at least; longer queries go as a form. */
const longestUrl = 4096;
/** Events carry 1024 characters: enough of the answer to see what the server complains about. */
const longestExcerpt = 512;

/** Prometheus and everything that speaks its HTTP API (Thanos, Mimir, VictoriaMetrics): one instant query. */
export const prometheus: MetricProvider = { problems, credentialProblem, query };

function problems({ address, headers }: ProviderSettings): SettingProblem[] {
  const found: SettingProblem[] = [];
  const url = address !== undefined && URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol)) {
    found.push({ path: "address", value: redactText(address ?? ""), expected: "a URL such as http://prometheus:9090" });
  }
  for (const [name, values] of Object.entries(headers ?? {})) {
    if (!canBeHeader(name, values))
      found.push({
        path: `headers.${name}`,
        value: "***",
        expected: "a header name and values of printable characters",
      });
  }
  return found;
}

function canBeHeader(name: string, values: readonly string[]): boolean {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) && values.every((value) => /^[\t\x20-\x7e\x80-\xff]*$/.test(value));
}

function credentialProblem(credentials: Credentials): string | undefined {
  if (credentials.has("token")) return undefined;
  const missing = ["username", "password"].find((key) => !credentials.has(key));
  return missing === undefined ? undefined : `prometheus credentials does not contain a ${missing}`;
}

async function query(ask: ProviderQuery, dialer: Dialer): Promise<QueryAnswer> {
  try {
    const response = await dialer.fetch(...request(ask));
    if (response.status < 400) return readInstantAnswer(response.text());
    const message = `error response: Status ${response.status}: ${clean(response.text(), ask).slice(0, longestExcerpt).trim()}`;
    return { kind: mayPass(response.status) ? "unreachable" : "invalid", message };
  } catch (error) {
    if (!(error instanceof DialError)) throw error;
    const invalid =
      error.code === "refused_by_policy" ||
      error.code === "bad_url" ||
      error.code === "too_large" ||
      error.code === "too_many_redirects";
    return { kind: invalid ? "invalid" : "unreachable", message: `request failed: ${clean(error.message, ask)}` };
  }
}

/** Whether asking again later may help without anybody mending anything. */
function mayPass(status: number): boolean {
  return status >= 500 || status === 408 || status === 429;
}

type FetchInit = NonNullable<Parameters<Dialer["fetch"]>[1]>;

function request({ settings, credentials, text, at, signal }: ProviderQuery): [URL, FetchInit] {
  const url = new URL(settings.address ?? "");
  const headers = new Headers();
  for (const [name, values] of Object.entries(settings.headers ?? {}))
    for (const value of values) headers.append(name, value);
  const authorization = authorizationFrom(credentials) ?? authorizationFromUrl(url);
  if (authorization !== undefined) headers.set("authorization", authorization);
  url.username = "";
  url.password = "";
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/api/v1/query`;
  const init: FetchInit = {
    headers,
    signal,
    timeoutMs,
    maxBytes,
    insecureSkipVerify: settings.insecureSkipVerify === true,
  };
  const parameters = new URLSearchParams({ query: text.replaceAll(/\s+/g, " "), time: (at / 1000).toFixed(3) });
  if (url.href.length + parameters.toString().length > longestUrl) {
    headers.set("content-type", "application/x-www-form-urlencoded");
    return [url, { ...init, method: "POST", body: parameters.toString() }];
  }
  for (const [name, value] of parameters) url.searchParams.set(name, value);
  return [url, init];
}

function authorizationFrom(credentials: Credentials | undefined): string | undefined {
  const token = credentials?.get("token");
  if (token !== undefined) return `Bearer ${token.reveal()}`;
  const [username, password] = [credentials?.get("username"), credentials?.get("password")];
  return username === undefined || password === undefined ? undefined : basic(username.reveal(), password.reveal());
}

function authorizationFromUrl(url: URL): string | undefined {
  return url.username === "" ? undefined : basic(decodeURIComponent(url.username), decodeURIComponent(url.password));
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

/** A server may echo what it was sent: no header value or credential may come back in a message. */
function clean(text: string, { settings, credentials }: ProviderQuery): string {
  const sent = authorizationFrom(credentials)?.split(" ")[1] ?? "";
  const secrets = [...(credentials?.values() ?? [])].map((secret) => secret.reveal());
  return redactText(text, [sent, ...secrets, ...Object.values(settings.headers ?? {}).flat()]);
}
