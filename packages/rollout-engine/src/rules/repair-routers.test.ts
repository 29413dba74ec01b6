import { testRule } from "../testing/test-rule.ts";
import { repairRouters } from "./repair-routers.ts";

testRule(repairRouters, {
  "leaves good routers alone": { silent: true },
  "makes missing ones": { routes: { state: "missing" }, effects: ["reconcileRoutes"] },
  "corrects drift": { routes: { drifted: true }, effects: ["reconcileRoutes"] },
  "holds when they cannot be read": { routes: { state: "error", message: "forbidden" }, holds: "forbidden" },
  "has nothing to do with a provider that has none": {
    spec: { routed: false },
    routes: { state: "missing" },
    silent: true,
  },
});
