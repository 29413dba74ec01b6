import { parseArgs } from "node:util";
import { messageOf, tryParseGoDuration } from "@burgee/service-kit";

/** What to send, how often and for how long. */
export interface LoadPlan {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** File whose content is the body. */
  readonly bodyFile: string | undefined;
  /** Requests in all; ignored when there is a duration. */
  readonly requests: number;
  readonly workers: number;
  /** Requests a second and worker; 0 is as fast as possible. */
  readonly ratePerWorker: number;
  readonly durationMs: number | undefined;
  /** Of one request. */
  readonly timeoutMs: number;
  readonly followRedirects: boolean;
  readonly proxy: string | undefined;
}

export type ParsedFlags = { readonly plan: LoadPlan } | { readonly problem: string };

/** hey's flags; the switches only choose between variants that make no difference here. */
const flags = {
  n: { type: "string", default: "200" },
  c: { type: "string", default: "50" },
  q: { type: "string", default: "0" },
  z: { type: "string" },
  m: { type: "string", default: "GET" },
  H: { type: "string", multiple: true },
  d: { type: "string" },
  D: { type: "string" },
  A: { type: "string" },
  T: { type: "string", default: "text/html" },
  U: { type: "string" },
  a: { type: "string" },
  t: { type: "string", default: "20" },
  x: { type: "string" },
  host: { type: "string" },
  cpus: { type: "string" },
  h2: { type: "boolean" },
  "disable-compression": { type: "boolean" },
  "disable-keepalive": { type: "boolean" },
  "disable-redirects": { type: "boolean" },
} as const;

/** Reads a command line of hey. */
export function parseHeyFlags(args: readonly string[]): ParsedFlags {
  try {
    const { values, positionals } = parseArgs({
      args: args.map(asLongFlag),
      options: flags,
      allowPositionals: true,
      strict: true,
    });
    return plan(values, positionals);
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

/** Go reads `-host x` and `--host x` alike; Node would take the former for bundled short flags. */
function asLongFlag(arg: string): string {
  const name = /^-([A-Za-z][\w-]*)/.exec(arg)?.[1];
  return name !== undefined && Object.hasOwn(flags, name) ? `-${arg}` : arg;
}

type Values = ReturnType<typeof parseArgs<{ options: typeof flags }>>["values"];

function plan(values: Values, positionals: readonly string[]): ParsedFlags {
  const problems: string[] = [];
  const whole = (flag: "n" | "c" | "t", least: number): number => {
    const value = Number(values[flag]);
    if (!Number.isInteger(value) || value < least)
      problems.push(`-${flag} is ${values[flag]}, expected an integer of at least ${least}`);
    return value;
  };
  const requests = whole("n", 1);
  const workers = whole("c", 1);
  const timeoutS = whole("t", 0);
  const rate = Number(values.q);
  if (!(rate >= 0)) problems.push(`-q is ${values.q}, expected a number of requests a second`);
  const durationMs = values.z === undefined ? undefined : tryParseGoDuration(values.z);
  if (values.z !== undefined && durationMs === undefined)
    problems.push(`-z is ${values.z}, expected a duration such as 10s or 1m30s`);
  if (durationMs === undefined && requests < workers)
    problems.push(`-n is ${requests}, expected at least -c (${workers})`);
  const [url] = positionals;
  if (positionals.length !== 1 || url === undefined || !/^https?:\/\//.test(url) || !URL.canParse(url)) {
    problems.push(
      `the target is ${positionals.join(" ") || "missing"}, expected one URL starting with http:// or https://`,
    );
  }
  const headers = headersOf(values, problems);
  if (problems.length > 0 || url === undefined) return { problem: problems.join("; ") };
  return {
    plan: {
      url,
      method: values.m.toUpperCase(),
      headers,
      body: values.d,
      bodyFile: values.D,
      requests,
      workers,
      ratePerWorker: rate,
      durationMs,
      timeoutMs: timeoutS === 0 ? 24 * 3_600_000 : timeoutS * 1_000,
      followRedirects: values["disable-redirects"] !== true,
      proxy: values.x === undefined ? undefined : /^https?:/.test(values.x) ? values.x : `http://${values.x}`,
    },
  };
}

function headersOf(values: Values, problems: string[]): Record<string, string> {
  const agent = values.U === undefined ? "hey/0.0.1" : `${values.U} hey/0.0.1`;
  const headers: Record<string, string> = { "content-type": values.T, "user-agent": agent };
  if (values.A !== undefined) headers.accept = values.A;
  if (values.a !== undefined) headers.authorization = `Basic ${Buffer.from(values.a).toString("base64")}`;
  if (values["disable-keepalive"] === true) headers.connection = "close";
  for (const header of values.H ?? []) {
    const [, name, value] = /^([\w-]+):\s*(.*)$/.exec(header) ?? [];
    if (name === undefined || value === undefined) problems.push("-H is not a header, expected 'Name: value'");
    else headers[name.toLowerCase()] = value;
  }
  if (values.host !== undefined) headers.host = values.host;
  return headers;
}
