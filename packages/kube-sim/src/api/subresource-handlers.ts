import type { IncomingMessage } from "node:http";
import { decode, mediaType, readBody } from "./body.ts";
import { type Call, refOf, send, sendObject, writeOptions } from "./call.ts";
import { isObject } from "./json.ts";
import type { Machinery } from "./machinery.ts";
import { objectFromBody } from "./object.ts";
import { patched } from "./patch-request.ts";
import { bind, proxyLog } from "./pods.ts";
import { deleteOptionsFrom, remove } from "./remove.ts";
import { scaleOf, withScale } from "./scale.ts";
import { methodNotAllowed, noSuchResource, notImplemented, type StatusBody } from "./status.ts";
import { type AdmissionView, read, untilSettled, update } from "./write.ts";

const success: StatusBody = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 };

/** What real pods have and these do not, and why. */
const noPod: Record<string, string> = {
  exec: "a pod is a local process at most: there is no container to run something in",
  attach: "a pod's input is not connected",
  portforward: "a pod that is a process has its port on 127.0.0.1 already; see its port-map annotation",
  proxy: "a pod that is a process has its port on 127.0.0.1 already; see its port-map annotation",
  ephemeralcontainers: "a pod's containers are started with it",
};

/** Answers requests for every subresource but status, which is a write like others. */
export async function handleSubresource(api: Machinery, call: Call): Promise<void> {
  const { resource, info, request, response, query } = call;
  if (info.subresource === "scale" && resource.scale) return handleScale(api, call);
  const absent = noPod[info.subresource ?? ""];
  if (resource.hub === "/pods" && absent) throw notImplemented(`pods/${info.subresource}, because ${absent}`);
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
      remove(api, resource, { object, options });
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
  const body = await readBody(request);
  const options = writeOptions(call);
  const shownAs: AdmissionView = {
    subresource: "scale",
    show: (object) => scaleOf(object, scale),
    accept: (object, shown) => withScale(resource, object, scale, shown),
  };
  const written = await untilSettled(() => {
    const old = read(api, resource, refOf(call));
    const asked =
      info.verb === "update"
        ? decode(body, mediaType(request))
        : patched(resource, scaleOf(old, scale), body, scalePatchType(request));
    const wanted = withScale(resource, old, scale, asked);
    return update(api, resource, { old, wanted, subresource: undefined, options, shownAs });
  });
  send(call, 200, JSON.stringify(scaleOf(written.object, scale)));
}

/** Scale is a built-in kind also where it belongs to a custom one. */
function scalePatchType(request: IncomingMessage): string {
  const type = mediaType(request);
  return type === "application/strategic-merge-patch+json" ? "application/merge-patch+json" : type;
}
