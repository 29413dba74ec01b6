import { decode, mediaType, readBody } from "./body.ts";
import { type Call, refOf, send, sendObject, writeOptions } from "./call.ts";
import { checkName } from "./envelope.ts";
import { evict } from "./eviction.ts";
import { at, isObject, stringAt } from "./json.ts";
import type { Machinery } from "./machinery.ts";
import { type KubeObject, objectFromBody } from "./object.ts";
import { checkPatchType, patched } from "./patch-request.ts";
import { bind, proxyLog } from "./pods.ts";
import { deleteOptionsFrom } from "./remove.ts";
import { isCustom, type ResourceDefinition } from "./resource.ts";
import { scaleOf, withScale } from "./scale.ts";
import {
  badRequest,
  invalidPatch,
  methodNotAllowed,
  noSuchResource,
  notImplemented,
  type StatusBody,
} from "./status.ts";
import { type AdmissionView, untilSettled, update } from "./update.ts";
import { read } from "./write.ts";

const success: StatusBody = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 };

const direct = "is on 127.0.0.1 already; see the port-map annotation of its pods, or use the forward proxy";

/** What real objects have and these do not, and why. */
const missing: Record<string, string> = {
  "pods/exec": "a pod is a local process at most: there is no container to run something in",
  "pods/attach": "a pod's input is not connected",
  "pods/portforward": `what a pod serves ${direct}`,
  "pods/proxy": `what a pod serves ${direct}`,
  "services/proxy": `what a Service serves ${direct}`,
  "nodes/proxy": "a node is the process that simulates it",
  "pods/ephemeralcontainers": "a pod's containers are started with it",
  "pods/resize": "a pod's processes have no limits",
};

/** Answers requests for every subresource but status, which is a write like others. */
export async function handleSubresource(api: Machinery, call: Call): Promise<void> {
  const { resource, info, request, response, query } = call;
  if (info.subresource === "scale" && resource.scale) return handleScale(api, call);
  const id = `${resource.plural}/${info.subresource}`;
  const reason = isCustom(resource) ? undefined : missing[id];
  if (reason !== undefined) {
    const { name } = read(api, resource, refOf(call)).metadata;
    throw notImplemented(`${id} of ${JSON.stringify(name)}, because ${reason}`);
  }
  if (!resource.extraSubresources.includes(info.subresource ?? "")) throw noSuchResource();
  const object = read(api, resource, refOf(call));
  if (info.subresource === "log") return proxyLog(api, object, query, response);
  const body = decode(await readBody(request), mediaType(request));
  switch (info.subresource) {
    case "binding":
      await untilSettled(() => {
        const pod = read(api, resource, refOf(call));
        return bind(api, resource, { pod, binding: body, options: writeOptions(call) });
      });
      return send(call, 201, JSON.stringify(success));
    case "eviction": {
      const options = deleteOptionsFrom(isObject(body) ? body.deleteOptions : undefined, query);
      evict(api, resource, { pod: object, eviction: body, options });
      return send(call, 201, JSON.stringify(success));
    }
    case "finalize": {
      const wanted = objectFromBody(body);
      const options = writeOptions(call);
      const written = await untilSettled(() => {
        const old = read(api, resource, refOf(call));
        return update(api, resource, { old, wanted, subresource: "finalize", options });
      });
      return sendObject(call, 200, written.object);
    }
    case "token":
      return send(call, 201, JSON.stringify(api.gate.authenticator.accounts.issue(object, body, call.now)));
    default:
      throw notImplemented(`the subresource ${resource.plural}/${info.subresource}`);
  }
}

async function handleScale(api: Machinery, call: Call): Promise<void> {
  const { resource, info, request } = call;
  const { scale } = resource;
  if (!scale) throw noSuchResource();
  const present = read(api, resource, refOf(call));
  if (info.verb === "get") return send(call, 200, JSON.stringify(scaleOf(present, scale)));
  if (info.verb !== "update" && info.verb !== "patch") throw methodNotAllowed();
  const type = info.verb === "patch" ? scalePatchType(resource, mediaType(request)) : mediaType(request);
  const body = await readBody(request);
  const options = writeOptions(call);
  const shownAs: AdmissionView = {
    subresource: "scale",
    show: (object) => scaleOf(object, scale),
    accept: (object, shown) => withScale(resource, object, scale, shown),
  };
  const written = await untilSettled(() => {
    const old = read(api, resource, refOf(call));
    const asked = info.verb === "update" ? decode(body, type) : patched(resource, scaleOf(old, scale), body, type);
    const wanted = withScale(resource, old, scale, readScale(asked, old, info.verb));
    return update(api, resource, { old, wanted, subresource: undefined, options, shownAs });
  });
  send(call, 200, JSON.stringify(scaleOf(written.object, scale)));
}

/** Scale is a built-in kind also where it belongs to a custom one. */
function scalePatchType(resource: ResourceDefinition, type: string): string {
  if (type === "application/apply-patch+yaml") throw notImplemented("server-side apply of a Scale; merge it");
  if (type === "application/strategic-merge-patch+json") return "application/merge-patch+json";
  checkPatchType(resource, type);
  return type;
}

/** A Scale as it came in. Throws for another object's name and for replicas that are no number. */
function readScale(scale: unknown, { metadata: { name } }: KubeObject, verb: string): unknown {
  checkName(stringAt(scale, "metadata", "name") ?? "", name);
  const replicas = at(scale, "spec", "replicas");
  if (replicas === undefined || replicas === null || Number.isInteger(replicas)) return scale;
  const type = typeof replicas === "number" ? `number ${replicas}` : typeof replicas;
  const why = `json: cannot unmarshal ${type} into Go struct field ScaleSpec.spec.replicas of type int32`;
  if (verb === "patch") throw invalidPatch(scale, why);
  throw badRequest(`Scale in version "v1" cannot be handled as a Scale: ${why}`);
}
