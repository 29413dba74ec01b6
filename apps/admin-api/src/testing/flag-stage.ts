import { afterAll, beforeAll, beforeEach } from "vitest";
import { kinds } from "../kinds.ts";
import { type AdminHarness, type Answer, startAdmin } from "./admin-harness.ts";
import { makeCanary, makeFlags, offFlag, progressing } from "./objects.ts";

/** The controller's payload around an order. */
export function hook(order: object | string, payload: object = {}): object {
  const body = typeof order === "string" ? order : JSON.stringify(order);
  return {
    name: "flagged",
    namespace: "shop",
    phase: "Progressing",
    checksum: "c",
    run: 2,
    metadata: { method: "POST", body },
    ...payload,
  };
}

/** An order to turn `new-algorithm` on for the pods of the canary. */
export const on = { flag: "new-algorithm", environment: "production", target: "canary", enabled: true };

/** A service with the canary `flagged` and the flags of two FeatureFlags. */
export interface FlagStage {
  readonly admin: AdminHarness;
  /** POST /api/flags. */
  send(body: unknown): Promise<Answer>;
}

/** Set up once for the file; overrides are gone before each test. */
export function flagStage(): FlagStage {
  let admin: AdminHarness;
  beforeAll(async () => {
    admin = await startAdmin();
    await makeCanary(admin, "flagged", progressing);
    await makeFlags(admin, "app-flags", {
      "new-algorithm": offFlag,
      colour: {
        state: "ENABLED",
        variants: { red: "#f00", blue: "#00f" },
        defaultVariant: "red",
        metadata: { team: "ui" },
      },
      retired: { ...offFlag, state: "DISABLED" },
      shared: offFlag,
    });
    await makeFlags(admin, "other-flags", { shared: offFlag });
  });
  afterAll(() => admin.stop());

  beforeEach(async () => {
    const { items } = await admin.client.list(kinds.flagOverrides, { namespace: "shop" });
    for (const { metadata } of items) await admin.client.delete(kinds.flagOverrides, metadata);
  });
  return {
    get admin() {
      return admin;
    },
    send: (body) => admin.call("POST", "/api/flags", { body }),
  };
}
