import { create, type DescMessage, toBinary, toJsonString } from "@bufbuild/protobuf";
import { Service as ServiceV1 } from "@burgee/contracts/gen/flagd/evaluation/v1/evaluation_pb";
import { Service as ServiceV2 } from "@burgee/contracts/gen/flagd/evaluation/v2/evaluation_pb";
import { Service as SchemaV1 } from "@burgee/contracts/gen/schema/v1/schema_pb";
import type { EvaluationContext, Resolution, Resolved } from "@burgee/flag-engine";
import type { Selector } from "@burgee/flag-sync";
import { answer } from "../answers-v1.ts";
import type { RequestHeaders } from "../context.ts";
import { answerV2 } from "../endpoints/evaluation-v2.ts";
import { fieldOf, jsonOptions, type RpcOptions } from "../rpc.ts";

/** A question as it came over the wire. */
export interface FastQuestion {
  readonly key: string;
  readonly context: EvaluationContext | undefined;
  readonly selector: Selector;
  readonly headers: RequestHeaders;
}

/** A method that answers for one flag. */
export interface FastMethod {
  readonly service: string;
  readonly method: string;
  /** `/flagd.evaluation.v2.Service/ResolveBoolean` */
  readonly path: string;
  resolve(question: FastQuestion): Resolution;
  /** The message that Connect would send. */
  binary(resolved: Resolved): Uint8Array;
  json(resolved: Resolved): string;
}

const types = {
  resolveBoolean: "boolean",
  resolveString: "string",
  resolveFloat: "float",
  resolveInt: "int",
  resolveObject: "object",
} as const;
type MethodName = keyof typeof types;

/** The methods of all versions of the protocol that answer for one flag, with the same evaluation and encoding as over Connect. */
export function createFastMethods(o: { readonly rpc: RpcOptions; readonly schemaV1: RpcOptions }): FastMethod[] {
  return methodNames().flatMap((name) => {
    const type = types[name];
    const field = fieldOf[type];
    const v1 = (resolved: Resolved): object => answer<unknown>(resolved, field);
    const v2 = (resolved: Resolved): object => answerV2<unknown>(resolved, field);
    const asking =
      ({ evaluation, enrich }: RpcOptions, limits: { codeDefault?: "error" } = {}) =>
      ({ key, context, selector, headers }: FastQuestion): Resolution =>
        evaluation.one({ key, type, context: enrich(context, headers), selector }, limits);
    return [
      createMethod(ServiceV2.method[name], asking(o.rpc), v2),
      createMethod(ServiceV1.method[name], asking(o.rpc, { codeDefault: "error" }), v1),
      createMethod(SchemaV1.method[name], asking(o.schemaV1), v1),
    ];
  });
}

function methodNames(): MethodName[] {
  return Object.keys(types).filter((name): name is MethodName => Object.hasOwn(types, name));
}

interface MethodDescription {
  readonly name: string;
  readonly parent: { readonly typeName: string };
  readonly output: DescMessage;
}

function createMethod(
  { name, parent, output }: MethodDescription,
  resolve: FastMethod["resolve"],
  toAnswer: (resolved: Resolved) => object,
): FastMethod {
  const message = (resolved: Resolved) => create(output, { ...toAnswer(resolved) });
  return {
    service: parent.typeName,
    method: name,
    path: `/${parent.typeName}/${name}`,
    resolve,
    binary: (resolved) => toBinary(output, message(resolved)),
    json: (resolved) => toJsonString(output, message(resolved), jsonOptions),
  };
}
