// The providers that spec.provider and --mesh-provider may name. A new router is a new file and a line here.
import { gatewayapiV1, gatewayapiV1beta1 } from "./gatewayapi.ts";
import { kubernetes } from "./kubernetes.ts";
import type { Router } from "./router.ts";

/** Routers by provider. */
export const routers = {
  "gatewayapi:v1": gatewayapiV1,
  "gatewayapi:v1beta1": gatewayapiV1beta1,
  kubernetes,
} satisfies Record<string, Router>;

/** Names that users write. */
export const providerNames: readonly string[] = Object.keys(routers).sort();

/** The router of a provider, undefined when there is none. A Gateway API version may carry a suffix, as in `gatewayapi:v1.0.0`. */
export function routerFor(provider: string): Router | undefined {
  if (provider.startsWith("gatewayapi:v1beta1")) return routers["gatewayapi:v1beta1"];
  if (provider.startsWith("gatewayapi:v1")) return routers["gatewayapi:v1"];
  return Object.entries(routers).find(([name]) => name === provider)?.[1];
}
