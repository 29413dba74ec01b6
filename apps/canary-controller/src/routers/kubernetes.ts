// provider: kubernetes – plain Services, which cannot split traffic: the apex Service selects the primary throughout.
import type { Router } from "./router.ts";

/** No objects of its own; the Services are generated for every provider. */
export const kubernetes: Router = {
  routed: false,
  check: () => [],
  observe: async () => ({
    seen: { state: "ok", primary: 100, canary: 0, mirrored: false, drifted: false },
    objects: undefined,
  }),
  reconcile: async () => undefined,
  setRoutes: async () => undefined,
  finalize: async () => undefined,
};
