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
  test.each(["debug", "info", "warn", "error", "fatal", "panic"])("takes upstream's log level %s", (logLevel) => {
    expect(parseConfig(configSchema, [`-log-level=${logLevel}`], {})).toMatchObject({ logLevel });
  });
  test("takes what upstream's chart writes", () => {
    const flags = [
      ...["-log-level=info", "-mesh-provider=istio", "-metrics-server=http://prometheus:9090", "-selector-labels=app"],
      ...["-enable-config-tracking=true", "-namespace=test", "-enable-leader-election=true"],
      ...["-leader-election-namespace=flagger-system", "-include-label-prefix=app", "-event-webhook=http://hooks/"],
      ...["-kubeconfig-qps=100", "-kubeconfig-burst=250", "-threadiness=2", "-cluster-name=eu-1"],
      ...["-no-cross-namespace-refs=true", "-control-loop-interval=10s"],
    ];
    expect(parseConfig(configSchema, flags, {})).toMatchObject({
      kubeconfigQps: 100,
      kubeconfigBurst: 250,
      controlLoopInterval: 10_000,
    });
  });
  test("says where upstream's other flags belong", () => {
    const read = () => parseConfig(configSchema, ["-slack-url=http://x/", "-ingress-class=contour"], {});
    expect(read).toThrow(/flag -slack-url is not of this program: .*alert-dispatcher/);
    expect(read).toThrow(/flag -ingress-class is not of this program: .*Contour/);
  });
  test("says everything that is wrong", () => {
    const read = () => parseConfig(configSchema, ["--min-interval=fast", "--no-data=maybe", "--mesh-provder=x"], {});
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(/min-interval.*fast.*duration/);
    expect(read).toThrow(/no-data.*maybe.*one of: unknown, fail/);
    expect(read).toThrow(/mesh-provder.*mesh-provider/);
  });
});
