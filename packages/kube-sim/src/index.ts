export type { KubeObject, ObjectMeta, OwnerReference } from "./api/object.ts";
export type { ReviewPolicy, UserIdentity } from "./api/reviews.ts";
export { KubeSimError, type KubeSimErrorCode } from "./error.ts";
export type { AddedFault, Fault, FaultAction, RequestMatch } from "./faults/faults.ts";
export type { RequestRecord } from "./faults/request-log.ts";
export { type SimLog, silentLog } from "./log.ts";
export type { Manifest } from "./manifests.ts";
export { type KubeSim, type KubeSimOptions, startKubeSim } from "./sim.ts";
