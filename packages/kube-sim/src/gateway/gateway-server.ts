import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type Address, createForwarder, type ForwardOptions } from "./forward.ts";
import type { HandledRequest } from "./gateway-metrics.ts";
import type { BackendRef, HeaderEdit, PathRewrite, Redirect, RouteFilter } from "./route-objects.ts";
import { backendWeights, type MatchedRule, type RequestHead } from "./route-table.ts";
import { createWeightedChoice, type WeightedChoice } from "./weighted-choice.ts";

/** Where the gateway's server looks things up; both are asked for every request. */
export interface GatewayLookup {
  route(head: RequestHead): MatchedRule | undefined;
  /** Ready addresses of a Service's port. */
  endpoints(service: { namespace: string; name: string }, port: number | undefined): readonly Address[];
}

/** Who hears of what the gateway does. */
export interface GatewayWitness {
  handled(request: HandledRequest): void;
  mirrored(copy: { route: string; backend: string }): void;
}

/** An HTTP server that does what the routes say: 404 without a route, 503 without a ready backend. Not listening yet. */
export function createGatewayServer(
  lookup: GatewayLookup,
  witness: GatewayWitness = { handled: () => undefined, mirrored: () => undefined },
): { server: Server; close(): Promise<void> } {
  const forwarder = createForwarder();
  const backendChoices = new Map<string, WeightedChoice>();
  const mirrorChoices = new Map<string, WeightedChoice>();
  const turns = new Map<string, number>();

  /** The backend's addresses, the one whose turn it is first. */
  const endpointsOf = (backend: BackendRef, namespace: string): readonly Address[] => {
    const service = { namespace: backend.namespace ?? namespace, name: backend.name };
    const addresses = lookup.endpoints(service, backend.port);
    const key = `${service.namespace}/${service.name}`;
    const turn = turns.get(key) ?? 0;
    turns.set(key, turn + 1);
    const start = addresses.length > 0 ? turn % addresses.length : 0;
    return [...addresses.slice(start), ...addresses.slice(0, start)];
  };

  const handle = async (incoming: IncomingMessage, response: ServerResponse) => {
    const head = headOf(incoming);
    const matched = lookup.route(head);
    const route = matched ? matched.id.slice(0, matched.id.lastIndexOf("/")) : "";
    const seen = { route, backend: "" };
    const started = performance.now();
    response.once("close", () => {
      const code = response.writableFinished ? response.statusCode : 499;
      witness.handled({ ...seen, code, seconds: (performance.now() - started) / 1000 });
    });
    if (!matched) return response.writeHead(404).end("no route\n");
    const redirect = matched.rule.filters?.find(({ requestRedirect }) => requestRedirect)?.requestRedirect;
    if (redirect) {
      const location = redirectLocation(redirect, matched, incoming);
      return response.writeHead(redirect.statusCode ?? 302, { location }).end();
    }
    const backends = matched.rule.backendRefs ?? [];
    const picked = choiceOf(backendChoices, matched.id).next(backendWeights(backends));
    const backend = picked === undefined ? undefined : backends[Number(picked)];
    if (backend) seen.backend = nameOf(backend, matched.namespace);
    const [address, ...alternatives] = backend ? endpointsOf(backend, matched.namespace) : [];
    if (!backend || !address) return response.writeHead(503).end("no ready backend\n");

    const filters = [...(matched.rule.filters ?? []), ...(backend.filters ?? [])];
    const options = { ...optionsOf(filters, matched, incoming), alternatives };
    const mirrors = filters.filter((filter) => isMirrored(filter, matched.id, mirrorChoices));
    if (mirrors.length === 0) return forwarder.forward(incoming, response, address, options);

    const body = await readBody(incoming);
    forwarder.forward(incoming, response, address, { ...options, body });
    for (const { requestMirror } of mirrors) {
      const [to] = requestMirror ? endpointsOf(requestMirror.backendRef, matched.namespace) : [];
      if (!requestMirror || !to) continue;
      forwarder.mirror(incoming, to, body, options);
      witness.mirrored({ route, backend: nameOf(requestMirror.backendRef, matched.namespace) });
    }
    return undefined;
  };

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end(`gateway error: ${error instanceof Error ? error.message : String(error)}\n`);
    });
  });
  return {
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        forwarder.close();
      }),
  };
}

/** `namespace/name:port` of a Service, `namespace/name` for its only port. */
function nameOf(backend: BackendRef, namespace: string): string {
  const port = backend.port === undefined ? "" : `:${backend.port}`;
  return `${backend.namespace ?? namespace}/${backend.name}${port}`;
}

function headOf(incoming: IncomingMessage): RequestHead {
  const url = new URL(incoming.url ?? "/", "http://gateway");
  const host = (incoming.headers.host ?? "").replace(/:\d+$/, "");
  return {
    method: incoming.method ?? "GET",
    host,
    path: url.pathname,
    query: url.searchParams,
    header: (name) => {
      const value = incoming.headers[name.toLowerCase()];
      return Array.isArray(value) ? value.join(", ") : value;
    },
  };
}

function choiceOf(choices: Map<string, WeightedChoice>, id: string): WeightedChoice {
  const existing = choices.get(id);
  if (existing) return existing;
  const created = createWeightedChoice();
  choices.set(id, created);
  return created;
}

/** Whether this request is one of the share that a mirror filter takes; without a share it takes all. */
function isMirrored({ type, requestMirror }: RouteFilter, id: string, choices: Map<string, WeightedChoice>): boolean {
  if (type !== "RequestMirror" || !requestMirror) return false;
  const { percent, fraction } = requestMirror;
  if (percent === undefined && !fraction) return true;
  const whole = fraction ? (fraction.denominator ?? 100) : 100;
  const part = fraction ? fraction.numerator : (percent ?? 100);
  const weights = new Map([
    ["mirror", part],
    ["skip", whole - part],
  ]);
  return choiceOf(choices, `${id}/${requestMirror.backendRef.name}`).next(weights) === "mirror";
}

function optionsOf(filters: readonly RouteFilter[], matched: MatchedRule, incoming: IncomingMessage): ForwardOptions {
  const rewrite = filters.find(({ urlRewrite }) => urlRewrite)?.urlRewrite;
  const path = rewrite?.path && rewrittenPath(rewrite.path, matched.match.path?.value ?? "/", incoming.url ?? "/");
  return {
    requestHeaders: editsOf(filters, "requestHeaderModifier"),
    responseHeaders: editsOf(filters, "responseHeaderModifier"),
    ...(matched.rule.timeoutMs === undefined ? {} : { timeoutMs: matched.rule.timeoutMs }),
    ...(path === undefined ? {} : { path }),
    ...(rewrite?.hostname === undefined ? {} : { host: rewrite.hostname }),
  };
}

function editsOf(
  filters: readonly RouteFilter[],
  key: "requestHeaderModifier" | "responseHeaderModifier",
): readonly HeaderEdit[] {
  return filters.flatMap((filter) => filter[key] ?? []);
}

function redirectLocation(redirect: Redirect, matched: MatchedRule, incoming: IncomingMessage): string {
  const [ownHost = "", ownPort] = (incoming.headers.host ?? "").split(":");
  const port = redirect.port === undefined ? (redirect.scheme ? undefined : ownPort) : String(redirect.port);
  const url = incoming.url ?? "/";
  const path = redirect.path ? rewrittenPath(redirect.path, matched.match.path?.value ?? "/", url) : url;
  const scheme = redirect.scheme ?? "http";
  const usual = port === undefined || port === (scheme === "https" ? "443" : "80");
  return `${scheme}://${redirect.hostname ?? ownHost}${usual ? "" : `:${port}`}${path}`;
}

function rewrittenPath(rewrite: PathRewrite, prefix: string, url: string): string {
  const { pathname, search } = new URL(url, "http://gateway");
  if (rewrite.type === "ReplaceFullPath") return `${rewrite.replaceFullPath ?? "/"}${search}`;
  const rest = pathname.slice(prefix.replace(/\/$/, "").length);
  const joined = `${(rewrite.replacePrefixMatch ?? "/").replace(/\/$/, "")}${rest.startsWith("/") || !rest ? rest : `/${rest}`}`;
  return `${joined || "/"}${search}`;
}

const largestMirroredBody = 8 * 1024 * 1024;

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size > largestMirroredBody)
      throw new Error(`request body is over ${largestMirroredBody} bytes, too large to mirror`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
