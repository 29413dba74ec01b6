import { testRule } from "../testing/test-rule.ts";
import { repairRouters } from "./repair-routers.ts";

testRule(repairRouters, {
  "leaves good routers alone": { silent: true },
  "makes missing ones": { routes: { state: "missing" }, effects: ["reconcileRoutes"] },
  "corrects drift": { routes: { drifted: true }, effects: ["reconcileRoutes"] },
  "holds when they cannot be read": { routes: { state: "error", message: "forbidden" }, holds: "forbidden" },
  "holds a run whose split has no effect": { routes: { problem: "no such flag" }, holds: "no such flag" },
  "goes on with a promotion all the same: it leads back to the primary": {
    routes: { problem: "no such flag" },
    status: { phase: "Promoting" },
    silent: true,
  },
  "corrects drift first": { routes: { drifted: true, problem: "no such flag" }, effects: ["reconcileRoutes"] },
  "has nothing to do with a provider that has none": {
    spec: { routed: false },
    routes: { state: "missing" },
    silent: true,
  },
});
