import type { ClientKind } from "./client.ts";
import { plainGrpc } from "./plain-grpc.ts";
import { plainJson, plainOfrep, plainOfrepBulk } from "./plain-json.ts";
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
  plainJson("flagd.evaluation.v2"),
  plainJson("flagd.evaluation.v1"),
  plainJson("schema.v1"),
  plainOfrep,
  plainOfrepBulk,
];
