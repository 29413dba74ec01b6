import { testRule } from "../testing/test-rule.ts";
import { repairServices } from "./repair-services.ts";

testRule(repairServices, {
  "leaves good Services alone": { silent: true },
  "makes missing ones": { seen: { services: "missing" }, effects: ["reconcileServices"] },
  "corrects drift": { seen: { services: "drifted" }, effects: ["reconcileServices"] },
});
