// The kinds of networking.istio.io, as far as a Canary shapes them; fields that are not named here stay as they are.
import type { CanaryService, HttpMatch } from "@burgee/contracts/crd";
import { type KubeObject, resource } from "@burgee/kube";

export type Headers = NonNullable<CanaryService["headers"]>;

export interface Destination {
  host: string;
  port?: { number: number };
}

export interface RouteDestination {
  destination: Destination;
  weight: number;
  headers?: Headers;
}

export interface HttpRule {
  match?: HttpMatch[];
  rewrite?: { uri?: string; authority?: string };
  timeout?: string;
  retries?: CanaryService["retries"];
  corsPolicy?: CanaryService["corsPolicy"];
  headers?: Headers;
  route?: RouteDestination[];
  mirror?: { host: string };
  mirrorPercentage?: { value: number };
}

export interface TcpRule {
  match?: { port?: number }[];
  route?: RouteDestination[];
}

export interface VirtualServiceSpec {
  hosts?: string[];
  gateways?: string[];
  http?: HttpRule[];
  tcp?: TcpRule[];
}

export interface VirtualService extends KubeObject {
  spec: VirtualServiceSpec;
}

export interface DestinationRule extends KubeObject {
  spec: { host: string; trafficPolicy?: CanaryService["trafficPolicy"] };
}

export const virtualServices = resource<VirtualService>(
  "networking.istio.io",
  "v1beta1",
  "virtualservices",
  "VirtualService",
);
export const destinationRules = resource<DestinationRule>(
  "networking.istio.io",
  "v1beta1",
  "destinationrules",
  "DestinationRule",
);
