import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { createCertificateAuthority } from "../../src/auth/certificates.ts";
import { isObject, type JsonObject, objectAt, stringAt } from "../../src/api/json.ts";
import { made, map } from "../objects.ts";
import { type Place, until } from "../place.ts";

/** What a webhook answers: the fields of `response`, or nothing within the time. */
export type Opinion = JsonObject | "silence";

/** A webhook as a case states it; the rest is filled in. */
export interface HookSpec extends JsonObject {
  /** `what.conformance.dev` by default. */
  name?: string;
  rules?: JsonObject[];
  /** Not a field of the API: what the webhook thinks. */
  answer?: (request: JsonObject) => Opinion;
}

/** Webhooks that are in force, and what they were asked. */
export interface Hooked {
  /** The label that brings objects before them. */
  labels: Record<string, string>;
  /** AdmissionRequests in order, each with the index of its webhook. */
  seen: { hook: number; request: JsonObject }[];
  /** A ConfigMap that concerns them. */
  map(name: string, data?: JsonObject): JsonObject;
  end(): Promise<void>;
}

type Kind = "MutatingWebhookConfiguration" | "ValidatingWebhookConfiguration";

const group = "admissionregistration.k8s.io/v1";
const label = "conformance.burgee.dev/hooked";
const anyMap = { apiGroups: [""], apiVersions: ["v1"], resources: ["configmaps"], operations: ["*"] };

/** Base64 of a JSON patch, with its type. */
export const patchOf = (...operations: JsonObject[]): JsonObject => ({
  ...{ allowed: true, patchType: "JSONPatch" },
  patch: Buffer.from(JSON.stringify(operations)).toString("base64"),
});

/** Puts webhooks in force for the case's own objects and waits until the server knows them. */
export async function hooked(place: Place, kind: Kind, hooks: readonly HookSpec[]): Promise<Hooked> {
  const name = place.name();
  const labels = { [label]: name };
  const seen: Hooked["seen"] = [];
  let ready = false;
  const authority = createCertificateAuthority();
  const { server, port } = await listen(
    authority.issue({ commonName: "webhook", hosts: ["127.0.0.1"] }),
    (path, body) => {
      const request = objectAt(body, "request");
      if (path === "/ready") {
        ready = true;
        return { allowed: true };
      }
      const hook = Number(path.slice(1));
      seen.push({ hook, request });
      return hooks[hook]?.answer?.(request) ?? { allowed: true };
    },
  );
  const selected = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": place.namespace } } };
  const common = { ...selected, rules: [anyMap], sideEffects: "None", admissionReviewVersions: ["v1"] };
  const client = (path: string) => ({
    clientConfig: {
      url: `https://127.0.0.1:${port}${path}`,
      caBundle: Buffer.from(authority.cert).toString("base64"),
    },
  });
  const probe = { ...common, ...client("/ready"), name: "ready.conformance.dev" };
  const webhooks = hooks.map(({ answer: _answer, ...spec }, index) => ({
    ...{ name: `hook${index}.conformance.dev`, ...common, ...client(`/${index}`) },
    ...{ objectSelector: { matchLabels: labels }, ...spec },
  }));
  const configurations = place.all(`${group}/${kind.toLowerCase()}s`);
  const readiness = { ...probe, objectSelector: { matchLabels: { [label]: `${name}-ready` } } };
  await made(configurations.create({ metadata: { name, labels: place.label }, webhooks: [readiness, ...webhooks] }));
  await until(async () => {
    const body = { ...map("ready"), metadata: { name: `${name}-ready`, labels: { [label]: `${name}-ready` } } };
    await place.maps.create(body, { dryRun: "All" });
    return ready;
  });
  return {
    labels,
    seen,
    map: (mapName, data) => ({ ...map(mapName, data), metadata: { name: mapName, labels } }),
    end: async () => {
      await configurations.remove(name);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function listen(
  certificate: { cert: string; key: string },
  opinion: (path: string, review: JsonObject) => Opinion,
): Promise<{ server: Server; port: number }> {
  const server = createServer(certificate, async (request, response) => {
    let text = "";
    for await (const chunk of request.setEncoding("utf8")) text += chunk;
    const review: unknown = JSON.parse(text);
    const path = new URL(request.url ?? "/", "https://localhost").pathname;
    const answer = opinion(path, isObject(review) ? review : {});
    if (answer === "silence") return;
    const body = { uid: stringAt(review, "request", "uid"), ...answer };
    const { apiVersion, kind } = isObject(review) ? review : {};
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ apiVersion, kind, response: body }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new Error("the webhook has no port");
  return { server, port: address.port };
}
