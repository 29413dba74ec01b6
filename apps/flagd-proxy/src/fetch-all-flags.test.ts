import { bannerOverride, featureFlag } from "@burgee/flag-sync/testing";
import { waitFor } from "@burgee/service-kit/testing";
import { Code, ConnectError } from "@connectrpc/connect";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { clientsFor, type ProxyLab, selectorOf, startLab, userAgent } from "./testing/proxy-lab.ts";

let lab: ProxyLab;
beforeEach(async () => {
  lab = await startLab();
});
afterEach(() => lab.stop());

describe("FetchAllFlags", () => {
  for (const protocol of ["gRPC", "gRPC-Web", "Connect"] as const) {
    test(`gives the flags over ${protocol} and leaves no watch behind`, async () => {
      await lab.sim.apply(featureFlag("shop"), bannerOverride("shop", { target: "all" }));
      const { flagConfiguration } = await clientsFor(lab.url)[protocol].fetchAllFlags({ selector: selectorOf("shop") });
      expect(JSON.parse(flagConfiguration).flags.banner.defaultVariant).toBe("on");
      await waitFor(async () => (await lab.value("burgee_flagd_proxy_watches")) === 0);
    });
  }

  test("gives up after five seconds", { timeout: 15_000 }, async () => {
    lab.sim.faults.add({ match: { resource: "featureflags", userAgent }, action: { delayMs: 20_000 } });
    await expect(clientsFor(lab.url).gRPC.fetchAllFlags({ selector: selectorOf("shop") })).rejects.toThrow(
      "[unknown] fetching all flags timed out after 5 seconds",
    );
  });

  test("says what is wrong with the selector", async () => {
    const call = clientsFor(lab.url).gRPC.fetchAllFlags({ selector: "shop" });
    await expect(call).rejects.toThrow("[unknown] error fetching all flags from sync store: unrecognized URI: shop");
  });
});

test("GetMetadata is not implemented", async () => {
  const call = clientsFor(lab.url).gRPC.getMetadata({});
  await expect(call).rejects.toSatisfy((error) => error instanceof ConnectError && error.code === Code.Unimplemented);
});
