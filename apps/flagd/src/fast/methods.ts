import { create, type DescMessage, toBinary, toJsonString } from "@bufbuild/protobuf";
import { Service as ServiceV1 } from "@burgee/contracts/gen/flagd/evaluation/v1/evaluation_pb";
import { Service as ServiceV2 } from "@burgee/contracts/gen/flagd/evaluation/v2/evaluation_pb";
import { Service as SchemaV1 } from "@burgee/contracts/gen/schema/v1/schema_pb";
import type { ErrorCode, EvaluationContext, Resolved } from "@burgee/flag-engine";
import type { Selector } from "@burgee/flag-sync";
import { answer } from "../answers-v1.ts";
import type { RequestHeaders } from "../context.ts";
import { answerV2 } from "../endpoints/evaluation-v2.ts";
import { fieldOf, jsonOptions, type RpcOptions } from "../rpc.ts";
import { remembered } from "./remembered.ts";

/** A question as it came over the wire. */
export interface FastQuestion {
  readonly key: string;
  readonly context: EvaluationContext | undefined;
  readonly selector: Selector;
  readonly headers: RequestHeaders;
}

/** A unary method, with the same evaluation and encoding as over Connect. */
export interface FastMethod {
  readonly service: string;
  readonly method: string;
  /** `/flagd.evaluation.v2.Service/ResolveBoolean` */
  readonly path: string;
  /** Numbers of the fields of its request. */
  readonly fields: { readonly key?: number; readonly context: number };
  /** Answers for all flags are worth compressing. */
  readonly answersAreLarge: boolean;
  /** The answer in the envelope of gRPC. */
  binary(question: FastQuestion): Buffer | ErrorCode;
  json(question: FastQuestion): string | ErrorCode;
}

const types = {
  resolveBoolean: "boolean",
  resolveString: "string",
  resolveFloat: "float",
  resolveInt: "int",
  resolveObject: "object",
} as const;
type MethodName = keyof typeof types;

/** The methods of all versions of the protocol that answer for one flag. */
export function createFastMethods(o: { readonly rpc: RpcOptions; readonly schemaV1: RpcOptions }): FastMethod[] {
  return methodNames().flatMap((name) => {
    const type = types[name];
    const field = fieldOf[type];
    const v1 = (resolved: Resolved): object => answer<unknown>(resolved, field);
    const v2 = (resolved: Resolved): object => answerV2<unknown>(resolved, field);
    const asking =
      ({ evaluation, enrich }: RpcOptions, limits: { codeDefault?: "error" } = {}): Ask =>
      ({ key, context, selector, headers }) =>
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

type Ask = (question: FastQuestion) => Resolved | { readonly ok: false; readonly errorCode: ErrorCode };

interface MethodDescription {
  readonly name: string;
  readonly parent: { readonly typeName: string };
  readonly output: DescMessage;
}

function createMethod(
  { name, parent, output }: MethodDescription,
  ask: Ask,
  toAnswer: (resolved: Resolved) => object,
): FastMethod {
  const message = (resolved: Resolved) => create(output, { ...toAnswer(resolved) });
  const envelope = remembered((resolved) => inEnvelope(toBinary(output, message(resolved))));
  const text = remembered((resolved) => toJsonString(output, message(resolved), jsonOptions));
  return {
    service: parent.typeName,
    method: name,
    path: `/${parent.typeName}/${name}`,
    fields: { key: 1, context: 2 },
    answersAreLarge: false,
    binary(question) {
      const resolution = ask(question);
      return resolution.ok ? envelope(resolution) : resolution.errorCode;
    },
    json(question) {
      const resolution = ask(question);
      return resolution.ok ? text(resolution) : resolution.errorCode;
    },
  };
}

/** Before every message of gRPC: no compression, and its length. */
export const envelopeBytes = 5;

/** A message, given in pieces. */
export function inEnvelope(...pieces: readonly Uint8Array[]): Buffer {
  const head = Buffer.alloc(envelopeBytes);
  head.writeUInt32BE(
    pieces.reduce((sum, { length }) => sum + length, 0),
    1,
  );
  return Buffer.concat([head, ...pieces]);
}
