import { testRule } from "../testing/test-rule.ts";
import { cancelWhenReverted } from "./cancel-when-reverted.ts";

testRule(cancelWhenReverted, {
  "has nothing to say while the target is the analysed one": { silent: true },
  "leaves another new revision to the restart": { target: { revision: "v3" }, silent: true },
  "cancels when the target is the promoted one again": {
    target: { revision: "v1" },
    records: {
      rollback: {
        cause: "reverted",
        message: "Rolling back app.test target was reverted to the promoted revision",
        at: "2026-01-01T00:10:00.000Z",
      },
    },
  },
  "does not take other configs for the promoted ones": {
    target: { revision: "v1", configs: { "configmap/app": "2" } },
    status: { promotedConfigs: { "configmap/app": "1" } },
    silent: true,
  },
  "does not cancel a run that was asked for on the promoted revision": {
    target: { revision: "v1" },
    status: { targetRevision: "v1" },
    silent: true,
  },
  "does not trust a promotion that failed": {
    target: { revision: "v1" },
    status: { promotionFailed: true },
    silent: true,
  },
  "cancels a promotion that was decided when nothing is copied": {
    target: { revision: "v1" },
    status: { phase: "Promoting" },
    tells: ["Rolling back app.test target was reverted to the promoted revision"],
  },
  "is too late once the copy is made": {
    target: { revision: "v1" },
    status: { phase: "Promoting" },
    primary: { release: "v2" },
    silent: true,
  },
});
