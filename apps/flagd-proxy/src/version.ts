import { create, toBinary } from "@bufbuild/protobuf";
import { SyncFlagsResponseSchema } from "@burgee/contracts/gen/flagd/sync/v1/sync_pb";

/** One version of a selector's flags, encoded once however many get it. */
export interface FlagVersion {
  readonly raw: string;
  /** The gRPC frame. `sync.v1` has the same field in the same place, so that both protocols share it. */
  readonly frame: Buffer;
}

/** A frame is one byte for compression (none) and four for the length, then the message. */
export const framePrefixLength = 5;

/** Encodes a flag document once, for all subscribers that get it. */
export function encodeVersion(raw: string): FlagVersion {
  const message = toBinary(SyncFlagsResponseSchema, create(SyncFlagsResponseSchema, { flagConfiguration: raw }));
  const frame = Buffer.alloc(framePrefixLength + message.length);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, framePrefixLength);
  return { raw, frame };
}
