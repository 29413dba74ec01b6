import { testRule } from "../testing/test-rule.ts";
import { keepFinalizer } from "./keep-finalizer.ts";

testRule(keepFinalizer, {
  "adds it when revertOnDeletion is wanted": { spec: { revertOnDeletion: true }, effects: ["addFinalizer"] },
  "removes it when it is wanted no longer": { seen: { finalizer: true }, effects: ["removeFinalizer"] },
  "leaves it when it is there and wanted": {
    spec: { revertOnDeletion: true },
    seen: { finalizer: true },
    silent: true,
  },
});
