import { ConfigError, parseConfig } from "@burgee/service-kit";
import { describe, expect, test } from "vitest";
import { configSchema } from "./config.ts";

describe("the configuration", () => {
  test("has upstream's defaults", () => {
    expect(parseConfig(configSchema, [], {})).toMatchObject({
      managementPort: 8080,
      meshProvider: "istio",
      selectorLabels: ["app", "name", "app.kubernetes.io/name"],
      enableConfigTracking: true,
      leaderElectionNamespace: "kube-system",
      namespace: "",
      minInterval: 10_000,
      shards: 1,
    });
  });
  test("takes upstream's flags with one dash and its environment", () => {
    const flags = [
      "-mesh-provider=gatewayapi:v1",
      "-port=9090",
      "-include-label-prefix=app,team",
      "-master=http://127.0.0.1:1",
    ];
    expect(parseConfig(configSchema, flags, { EVENT_WEBHOOK_URL: "http://hooks/" })).toMatchObject({
      meshProvider: "gatewayapi:v1",
      managementPort: 9090,
      includeLabelPrefix: ["app", "team"],
      kubeServer: "http://127.0.0.1:1",
      eventWebhook: "http://hooks/",
    });
  });
  test("says everything that is wrong", () => {
    const read = () => parseConfig(configSchema, ["--min-interval=fast", "--no-data=maybe", "--mesh-provder=x"], {});
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(/min-interval.*fast.*duration/);
    expect(read).toThrow(/no-data.*maybe.*one of: unknown, fail/);
    expect(read).toThrow(/mesh-provder.*mesh-provider/);
  });
});
