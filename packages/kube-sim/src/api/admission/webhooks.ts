import { randomUUID } from "node:crypto";
import { prepare } from "../admission.ts";
import { clone, equal, isObject, type JsonObject, numberAt, objectAt, stringAt, stringsAt } from "../json.ts";
import { type Machinery, storedFrom, viewOf } from "../machinery.ts";
import { type KubeObject, objectFromBody } from "../object.ts";
import { jsonPatch } from "../patch/json-patch.ts";
import { ApiError, badRequest } from "../status.ts";
import type { ResourceDefinition } from "../resource.ts";
import type { AdmissionRequest } from "./admission-request.ts";
import { type Hook, hooksFor } from "./matching.ts";
import { callWebhook } from "./webhook-call.ts";

/**
 * Lets the mutating webhooks change the object, one after the other; those that ask for it see it again when a later one
 * has changed it. Returns the changed object, or undefined when nothing changed. Adds what they warn of. Throws the
 * Status of the one that refuses or cannot be reached.
 */
export async function mutate(
  api: Machinery,
  request: AdmissionRequest,
  warnings: string[],
): Promise<KubeObject | undefined> {
  const hooks = hooksFor(api, "mutating", request);
  if (hooks.length === 0) return undefined;
  let current = request.object;
  const earlier: Hook[] = [];
  const again = new Set<Hook>();
  const call = async (hook: Hook): Promise<boolean> => {
    const before = current;
    current = (await ask(api, hook, { ...request, object: current }, warnings)) ?? current;
    return !equal(before, current);
  };
  for (const hook of hooks) {
    if (await call(hook)) for (const other of earlier) again.add(other);
    if (hook.config.reinvocationPolicy === "IfNeeded") earlier.push(hook);
  }
  for (const hook of again) await call(hook);
  return current === request.object ? undefined : current;
}

/** Asks all validating webhooks at once. Throws the Status of the first that refuses or cannot be reached. */
export async function validate(api: Machinery, request: AdmissionRequest, warnings: string[]): Promise<void> {
  api.gate.guard(request);
  const hooks = hooksFor(api, "validating", request);
  if (hooks.length === 0) return;
  const answers = await Promise.allSettled(hooks.map((hook) => ask(api, hook, request, warnings)));
  for (const answer of answers) if (answer.status === "rejected") throw answer.reason;
}

/** One webhook's opinion: the object as it wants it, if it wants it otherwise. */
async function ask(
  api: Machinery,
  hook: Hook,
  request: AdmissionRequest,
  warnings: string[],
): Promise<KubeObject | undefined> {
  const { config, name, seenAs } = hook;
  if (request.dryRun && config.sideEffects !== "None" && config.sideEffects !== "NoneOnDryRun") {
    throw badRequest(`admission webhook "${name}" does not support dry run`);
  }
  const { resource, subresource, oldObject } = request;
  // A Scale is the same kind in every version.
  const shown = (object: KubeObject) => (subresource === "scale" ? object : convert(object, resource, seenAs));
  try {
    const object = request.object && shown(request.object);
    const review = reviewOf(hook, { ...request, object, oldObject: oldObject && shown(oldObject) });
    const response = await callWebhook(api, hook, review);
    warnings.push(...stringsAt(response, "warnings"));
    if (response.allowed !== true) throw denial(name, objectAt(response, "status"));
    const patch = stringAt(response, "patch");
    if (patch === undefined || !object) return undefined;
    const changed = objectFromBody(jsonPatch(clone(object), JSON.parse(Buffer.from(patch, "base64").toString("utf8"))));
    if (subresource === "scale") return changed;
    const result = convert(changed, seenAs, resource);
    prepare(resource, result, { old: oldObject, fieldValidation: "Ignore" });
    return result;
  } catch (error) {
    if (error instanceof Denied) throw error.answer;
    if (config.failurePolicy === "Ignore") return undefined;
    const why = error instanceof Error ? error.message : String(error);
    throw new ApiError(500, "InternalError", `Internal error occurred: failed calling webhook "${name}": ${why}`, {
      causes: [{ message: `failed calling webhook "${name}": ${why}` }],
    });
  }
}

/** A copy in another version of the kind. */
function convert(object: KubeObject, from: ResourceDefinition, to: ResourceDefinition): KubeObject {
  return from === to ? clone(object) : clone(viewOf(storedFrom(clone(object), from), to));
}

function reviewOf({ seenAs }: Hook, request: AdmissionRequest): JsonObject {
  const { resource, subresource, namespace, name, operation, object, oldObject, user, dryRun, options } = request;
  const kindOf = ({ group, version, kind }: ResourceDefinition) =>
    subresource === "scale" ? { group: "autoscaling", version: "v1", kind: "Scale" } : { group, version, kind };
  const resourceOf = ({ group, version, plural }: ResourceDefinition) => ({ group, version, resource: plural });
  return {
    kind: "AdmissionReview",
    apiVersion: "admission.k8s.io/v1",
    request: {
      uid: randomUUID(),
      kind: kindOf(seenAs),
      resource: resourceOf(seenAs),
      ...(subresource && { subResource: subresource }),
      requestKind: kindOf(resource),
      requestResource: resourceOf(resource),
      ...(subresource && { requestSubResource: subresource }),
      ...(name && { name }),
      ...(namespace !== undefined && { namespace }),
      operation,
      userInfo: user,
      object: object ? asSeen(object) : null,
      oldObject: oldObject ? asSeen(oldObject) : null,
      dryRun,
      options,
    },
  };
}

/** What the server has yet to fill in is not there. */
function asSeen(object: KubeObject): JsonObject {
  const metadata = Object.fromEntries(Object.entries(object.metadata).filter(([, value]) => value !== ""));
  return { ...object, metadata };
}

class Denied extends Error {
  readonly answer: ApiError;

  constructor(answer: ApiError) {
    super(answer.message);
    this.answer = answer;
  }
}

/** What the client reads when a webhook says no: the webhook's own status, with its name in front of the message. */
function denial(name: string, status: JsonObject): Denied {
  const why = stringAt(status, "message") || stringAt(status, "reason");
  const message = `admission webhook "${name}" denied the request${why ? `: ${why}` : " without explanation"}`;
  const code = Math.max(numberAt(status, "code") ?? 400, 400);
  return new Denied(
    new ApiError(
      code,
      stringAt(status, "reason") ?? "",
      message,
      isObject(status.details) ? status.details : undefined,
    ),
  );
}
