export type { KubeObject, ObjectMeta, OwnerReference } from "./api/object.ts";
export type { ReviewPolicy, UserIdentity } from "./api/reviews.ts";
export type { SimUser } from "./auth/authenticator.ts";
export { type CertificateAuthority, createCertificateAuthority, type KeyPair } from "./auth/certificates.ts";
export { KubeSimError, type KubeSimErrorCode } from "./error.ts";
export type { AddedFault, Fault, FaultAction, RequestMatch } from "./faults/faults.ts";
export type { RequestRecord } from "./faults/request-log.ts";
export type { GatewayOptions } from "./gateway/gateways.ts";
export { annotations } from "./kubelet/annotations.ts";
export type { KubeletOptions } from "./kubelet/options.ts";
export {
  type ClusterReach,
  type LocalCluster,
  type LocalClusterOptions,
  startLocalCluster,
} from "./local-cluster.ts";
export { type SimLog, silentLog } from "./log.ts";
export { type Manifest, readManifests } from "./manifests.ts";
export { gatewayApiDefinitions } from "./gateway-api/definitions.ts";
export { thisMachine } from "./client/loopback.ts";
export { type KubeSim, type KubeSimOptions, startKubeSim } from "./sim.ts";

// For other local stacks of ours: servers beside the cluster that end with the process that started them.
export { type ContainerCommand, type ContainerProcess, startContainer } from "./kubelet/container-process.ts";
export { freePort } from "./kubelet/free-ports.ts";
