// The providers that spec.provider and --mesh-provider may name. A new router is a new file and a line here.
import { flagRouter } from "../flags/flag-router.ts";
import { gatewayapiV1, gatewayapiV1beta1 } from "./gatewayapi.ts";
import { istio } from "./istio.ts";
import { kubernetes } from "./kubernetes.ts";
import type { Router } from "./router.ts";

/** Routers by provider. */
export const routers = {
  "gatewayapi:v1": gatewayapiV1,
  "gatewayapi:v1beta1": gatewayapiV1beta1,
  istio,
  kubernetes,
} satisfies Record<string, Router>;

/** A name as it is listed here. */
export type ProviderName = keyof typeof routers;

/** Names that users write. */
export const providerNames: readonly string[] = [...Object.keys(routers), "flag"].sort();

/** Names whose end is free, longest first: `gatewayapi:v1.0.0` is `gatewayapi:v1`. */
const prefixes = ["gatewayapi:v1beta1", "gatewayapi:v1"] as const;

/** The router of a provider; undefined when there is none. */
export function routerFor(provider: string): Router | undefined {
  // No mesh and no requests: it keeps a contract of its own.
  if (provider === "flag") return flagRouter;
  const name = prefixes.find((prefix) => provider.startsWith(prefix)) ?? provider;
  return new Map<string, Router>(Object.entries(routers)).get(name);
}
