import type { CanaryStatus as ServedStatus } from "@burgee/contracts/crd";
import { expectTypeOf, test } from "vitest";
import type { CanaryStatus } from "./status.ts";

test("the engine's status is exactly what the CRD keeps", () => {
  expectTypeOf<CanaryStatus>().toExtend<ServedStatus>();
  expectTypeOf<ServedStatus>().toExtend<CanaryStatus>();
});
