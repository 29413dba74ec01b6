import { request as httpsRequest } from "node:https";
import { isObject, type JsonObject, numberAt, objectAt, stringAt } from "../json.ts";
import type { Machinery } from "../machinery.ts";
import type { Hook } from "./matching.ts";
import { serviceAddress } from "./service-address.ts";

interface Target {
  /** As error messages name it. */
  url: string;
  host: string;
  port: number;
  path: string;
  /** The name that the certificate has to bear. */
  servername: string;
}

/** Posts an AdmissionReview to a webhook and returns its `response`. Rejects when it cannot be had: the hook's failurePolicy decides. */
export async function callWebhook(api: Machinery, hook: Hook, review: JsonObject): Promise<JsonObject> {
  const seconds = numberAt(hook.config, "timeoutSeconds") ?? 10;
  const answer = await answerOf(api, hook, JSON.stringify(review), seconds);
  const response = objectAt(answer, "response");
  const uid = stringAt(review, "request", "uid");
  const problem =
    answer.kind !== "AdmissionReview" || answer.apiVersion !== review.apiVersion
      ? `expected webhook response of ${review.apiVersion}, Kind=AdmissionReview, got ${answer.apiVersion}, Kind=${answer.kind}`
      : !isObject(answer.response)
        ? "webhook response was absent"
        : response.uid !== uid
          ? `expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid ?? "")}`
          : response.patch !== undefined && response.patchType !== "JSONPatch"
            ? `webhook returned response.patch but not response.patchType JSONPatch`
            : undefined;
  if (problem) throw new Error(`received invalid webhook response: ${problem}`);
  return response;
}

async function answerOf(api: Machinery, hook: Hook, body: string, seconds: number): Promise<JsonObject> {
  const named = urlOf(hook.config);
  const url = `${named}${named.includes("?") ? "&" : "?"}timeout=${seconds}s`;
  try {
    const { status, text } = await post(targetOf(api, hook.config, url), {
      ca: stringAt(hook.config, "clientConfig", "caBundle"),
      body,
      timeoutMs: seconds * 1000,
    });
    if (status !== 200) throw new Error(`the server responded with the status code ${status}: ${text.slice(0, 200)}`);
    const answer: unknown = JSON.parse(text);
    return isObject(answer) ? answer : {};
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`failed to call webhook: Post "${url}": ${why}`, { cause: error });
  }
}

function urlOf(config: JsonObject): string {
  const url = stringAt(config, "clientConfig", "url");
  if (url !== undefined) return url;
  const service = objectAt(config, "clientConfig", "service");
  const path = stringAt(service, "path") ?? "/";
  return `https://${service.name}.${service.namespace}.svc:${service.port}${path.startsWith("/") ? path : `/${path}`}`;
}

function targetOf(api: Machinery, config: JsonObject, url: string): Target {
  const { hostname, port, pathname, search } = new URL(url);
  const service = objectAt(config, "clientConfig", "service");
  const [name, namespace] = [stringAt(service, "name"), stringAt(service, "namespace")];
  const common = { url, path: pathname + search, servername: hostname };
  if (name === undefined || namespace === undefined) return { ...common, host: hostname, port: Number(port || 443) };
  return { ...common, ...serviceAddress(api, { namespace, name, port: numberAt(service, "port") ?? 443 }) };
}

function post(
  target: Target,
  { ca, body, timeoutMs }: { ca: string | undefined; body: string; timeoutMs: number },
): Promise<{ status: number; text: string }> {
  const { host, port, path, servername } = target;
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      {
        ...{ host, port, path, method: "POST", agent: false, servername: isAddress(servername) ? "" : servername },
        headers: { "content-type": "application/json", host: servername, "user-agent": "kube-apiserver-admission" },
        ...(ca && { ca: Buffer.from(ca, "base64") }),
        signal: AbortSignal.timeout(timeoutMs),
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        response.once("end", () => resolve({ status: response.statusCode ?? 0, text }));
        response.once("error", reject);
      },
    );
    request.once("error", (error) => {
      reject(error.name === "TimeoutError" || error.name === "AbortError" ? deadlineExceeded(error) : error);
    });
    request.end(body);
  });
}

function isAddress(host: string): boolean {
  return /^[\d.]+$/.test(host) || host.includes(":");
}

function deadlineExceeded(cause: Error): Error {
  return new Error("context deadline exceeded", { cause });
}
