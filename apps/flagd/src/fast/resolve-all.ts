import { create, type DescMessage, toBinary, toJsonString } from "@bufbuild/protobuf";
import {
  AnyFlagSchema as AnyFlagV1,
  ResolveAllResponseSchema as ResolveAllV1,
} from "@burgee/contracts/gen/flagd/evaluation/v1/evaluation_pb";
import {
  AnyFlagSchema as AnyFlagOfSchemaV1,
  ResolveAllResponseSchema as ResolveAllOfSchemaV1,
} from "@burgee/contracts/gen/schema/v1/schema_pb";
import type { Resolution } from "@burgee/flag-engine";
import { selectorMetadata } from "@burgee/flag-sync";
import { anyFlag } from "../answers-v1.ts";
import type { Item } from "../evaluation.ts";
import { jsonOptions, type RpcOptions, structOf } from "../rpc.ts";
import { type FastMethod, type FastQuestion, inEnvelope } from "./methods.ts";

interface Version {
  readonly service: string;
  readonly anyFlag: DescMessage;
  readonly response: DescMessage;
  /** Whether flags and answer carry metadata, and flags without a value of a known type are left out. */
  readonly metadata: boolean;
}

const versions = {
  v1: { service: "flagd.evaluation.v1.Service", anyFlag: AnyFlagV1, response: ResolveAllV1, metadata: true },
  schemaV1: {
    service: "schema.v1.Service",
    anyFlag: AnyFlagOfSchemaV1,
    response: ResolveAllOfSchemaV1,
    metadata: false,
  },
} as const;

/** The methods that answer for all flags. Each flag's part of an answer is written once. */
export function createResolveAllMethods(o: { readonly rpc: RpcOptions; readonly schemaV1: RpcOptions }): FastMethod[] {
  return [createResolveAll(versions.v1, o.rpc), createResolveAll(versions.schemaV1, o.schemaV1)];
}

function createResolveAll(version: Version, { evaluation, enrich }: RpcOptions): FastMethod {
  const { service, response } = version;
  const all = ({ context, selector, headers }: FastQuestion): Item[] =>
    evaluation.all({ context: enrich(context, headers), selector }, version.metadata ? "typed" : "every");
  const metadataOf = ({ selector }: FastQuestion): object =>
    version.metadata ? { metadata: structOf(selectorMetadata(selector)) } : {};
  // An entry of the map is a field of its own, so an answer with one flag is a part of an answer with many.
  const binary = rememberedItems<Uint8Array>(
    (flag, key) => toBinary(response, create(response, { flags: { [key]: flag } })),
    { ...version, nothing: new Uint8Array() },
  );
  const json = rememberedItems<string>(
    (flag, key) =>
      `${JSON.stringify(key)}:${toJsonString(version.anyFlag, create(version.anyFlag, flag), jsonOptions)}`,
    { ...version, nothing: "" },
  );
  return {
    service,
    method: "ResolveAll",
    path: `/${service}/ResolveAll`,
    fields: { context: 1 },
    answersAreLarge: true,
    binary(question) {
      const rest = toBinary(response, create(response, { ...metadataOf(question) }));
      return inEnvelope(...all(question).map(binary), rest);
    },
    json(question) {
      const flags = all(question)
        .map(json)
        .filter((text) => text !== "");
      // What is around the flags, with no flag in it: {"flags":{},…}.
      const around = toJsonString(response, create(response, { ...metadataOf(question) }), jsonOptions);
      return around.replace("{}", () => `{${flags.join(",")}}`);
    },
  };
}

/** Writes a flag's part. Answers that are made anew for every request are not worth remembering. */
function rememberedItems<T extends string | Uint8Array>(
  write: (flag: Record<string, unknown>, key: string) => T,
  { metadata, nothing }: Pick<Version, "metadata"> & { readonly nothing: T },
): (item: Item) => T {
  const written = new WeakMap<Resolution, T>();
  return (item) => {
    const known = written.get(item.resolution);
    if (known !== undefined) return known;
    const flag = anyFlag(item);
    if (flag === undefined) return nothing;
    const made = write({ ...flag, ...(metadata && { metadata: structOf(item.resolution.metadata) }) }, item.key);
    if (item.resolution.ok) written.set(item.resolution, made);
    return made;
  };
}
