import { type Call, warn } from "../call.ts";
import type { Machinery } from "../machinery.ts";
import type { KubeObject } from "../object.ts";
import type { DeleteOptions } from "../remove.ts";
import type { AdmissionRequest } from "./admission-request.ts";
import { mutate, validate } from "./webhooks.ts";

/** Asks the webhooks about a removal. Throws the Status of the one that refuses. */
export async function reviewRemoval(
  api: Machinery,
  call: Call,
  { object, options }: { object: KubeObject; options: DeleteOptions },
): Promise<void> {
  const { propagationPolicy, gracePeriodSeconds, dryRun } = options;
  const request: AdmissionRequest = {
    operation: "DELETE",
    resource: call.resource,
    subresource: undefined,
    namespace: object.metadata.namespace,
    name: object.metadata.name,
    object: undefined,
    oldObject: object,
    user: call.user,
    dryRun,
    options: {
      kind: "DeleteOptions",
      apiVersion: "meta.k8s.io/v1",
      ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
      ...(propagationPolicy && { propagationPolicy }),
      ...(dryRun && { dryRun: ["All"] }),
    },
  };
  const warnings: string[] = [];
  await mutate(api, request, warnings);
  await validate(api, request, warnings);
  warn(call, warnings);
}
