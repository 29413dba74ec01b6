import { Service } from "@burgee/contracts/gen/flagd/evaluation/v1/evaluation_pb";
import type { ConnectRouter } from "@connectrpc/connect";
import { selectorMetadata } from "@burgee/flag-sync";
import { answer, anyFlag } from "../answers-v1.ts";
import { createResolve, eventsFor, fieldOf, type RpcOptions, selectorOf, sentHeaders, structOf } from "../rpc.ts";

/** flagd.evaluation.v1: every answer has a value, so a flag without a default variant is one that is not found. */
export function serveEvaluationV1(router: ConnectRouter, o: RpcOptions): void {
  const resolve = createResolve(o, { codeDefault: "error" });
  router.service(Service, {
    resolveBoolean: (request, call) => answer(resolve(request, call, "boolean"), fieldOf.boolean),
    resolveString: (request, call) => answer(resolve(request, call, "string"), fieldOf.string),
    resolveFloat: (request, call) => answer(resolve(request, call, "float"), fieldOf.float),
    resolveInt: (request, call) => answer(resolve(request, call, "int"), fieldOf.int),
    resolveObject: (request, call) => answer(resolve(request, call, "object"), fieldOf.object),
    resolveAll: (request, call) => {
      const selector = selectorOf(call);
      const items = o.evaluation.all(
        { context: o.enrich(request.context, call.values.get(sentHeaders)), selector },
        "typed",
      );
      const flags = items.flatMap((item) => {
        const flag = anyFlag(item);
        return flag === undefined ? [] : [[item.key, { ...flag, metadata: structOf(item.resolution.metadata) }]];
      });
      return { flags: Object.fromEntries(flags), metadata: structOf(selectorMetadata(selector)) };
    },
    eventStream: (_, call) => eventsFor(o, call),
  });
}
