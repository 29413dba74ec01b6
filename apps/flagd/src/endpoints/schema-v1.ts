import { Service } from "@burgee/contracts/gen/schema/v1/schema_pb";
import type { ConnectRouter } from "@connectrpc/connect";
import { answer, anyFlag } from "../answers-v1.ts";
import { createResolve, fieldOf, type RpcOptions, selectorOf, sentHeaders } from "../rpc.ts";

/** schema.v1, for old clients: a flag without a default variant gives the zero of its type and the reason FALLBACK. */
export function serveSchemaV1(router: ConnectRouter, o: RpcOptions): void {
  const resolve = createResolve(o);
  router.service(Service, {
    resolveBoolean: (request, call) => answer(resolve(request, call, "boolean"), fieldOf.boolean),
    resolveString: (request, call) => answer(resolve(request, call, "string"), fieldOf.string),
    resolveFloat: (request, call) => answer(resolve(request, call, "float"), fieldOf.float),
    resolveInt: (request, call) => answer(resolve(request, call, "int"), fieldOf.int),
    resolveObject: (request, call) => answer(resolve(request, call, "object"), fieldOf.object),
    resolveAll: (request, call) => {
      const context = o.enrich(request.context, call.values.get(sentHeaders));
      const items = o.evaluation.all({ context, selector: selectorOf(call) }, "every");
      const flags = items.flatMap((item) => {
        const flag = anyFlag(item);
        return flag === undefined ? [] : [[item.key, flag]];
      });
      return { flags: Object.fromEntries(flags) };
    },
    eventStream: (_, call) => o.events.open(selectorOf(call), call.signal),
  });
}
