import type { ClientKind } from "./client.ts";
import { curlJson, curlOfrep, curlOfrepBulk } from "./curl.ts";
import { plainGrpc } from "./plain-grpc.ts";
import { flagdInProcess, flagdRpc, ofrepServer } from "./server-sdk.ts";
import { flagdWeb, ofrepWeb } from "./web-sdk.ts";

/** Every way in which flagd is asked for flags. */
export const kinds: readonly ClientKind[] = [
  flagdRpc,
  flagdInProcess,
  flagdWeb,
  ofrepServer,
  ofrepWeb,
  plainGrpc("flagd.evaluation.v2"),
  plainGrpc("flagd.evaluation.v1"),
  plainGrpc("schema.v1"),
  curlJson("flagd.evaluation.v2"),
  curlJson("flagd.evaluation.v1"),
  curlJson("schema.v1"),
  curlOfrep,
  curlOfrepBulk,
];
