import { busOptions } from "@burgee/event-bus";
import { kubeAccessCheck, kubeOptions } from "@burgee/kube";
import { defineConfig, option } from "@burgee/service-kit";
import { providerNames, routerFor } from "./routers/index.ts";

const serviceName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(:\d+)?$/;

const alerts = "alerts are sent by alert-dispatcher, give it this flag";
const alertFlags = Object.fromEntries(
  [
    ...["slack-url", "slack-token", "slack-proxy-url", "slack-user", "slack-channel"],
    ...["msteams-url", "msteams-proxy-url"],
  ].map((flag) => [flag, alerts]),
);
const routerFlags = {
  "ingress-class": "there is no Contour router in this version, leave the flag out",
  "ingress-annotations-prefix": "there is no NGINX router in this version, leave the flag out",
  "kubeconfig-service-mesh": "routes live in the cluster of the canaries, leave the flag out",
};
const logFlags = {
  "zap-encoding": "use --log-format json or console",
  "zap-replace-globals": "it changes nothing here, leave the flag out",
};

/** Everything that can be set. Names and environment variables of upstream where it has one. */
export const configSchema = defineConfig(
  "CANARY_CONTROLLER",
  {
    ...busOptions,
    ...kubeOptions,
    managementPort: option.port({ default: 8080, alias: ["port"], about: "port of /healthz, /readyz and /metrics" }),
    meshProvider: option.string({
      default: "istio",
      expects: (text) => (routerFor(text) === undefined ? `one of: ${providerNames.join(", ")}` : undefined),
      about: `traffic router of canaries without spec.provider: ${providerNames.join(", ")}`,
    }),
    metricsServer: option.url({
      optional: true,
      about:
        "Prometheus for built-in and inline metrics of canaries without spec.metricsServer; default: the analyzer's",
    }),
    selectorLabels: option.list({
      default: ["app", "name", "app.kubernetes.io/name"],
      about: "labels by which a target's pods may be selected, in order of preference",
    }),
    includeLabelPrefix: option.list({
      default: [],
      about: "prefixes of the labels and annotations that are copied to primaries; * is all",
    }),
    enableConfigTracking: option.boolean({
      default: true,
      about: "follow and copy the ConfigMaps and Secrets of targets",
    }),
    noCrossNamespaceRefs: option.boolean({
      default: false,
      about: "refuse canaries that refer to templates or providers of other namespaces",
    }),
    threadiness: option.integer({ default: 8, min: 1, max: 256, about: "canaries handled at the same time" }),
    controlLoopInterval: option.duration({
      optional: true,
      min: "1s",
      about:
        "no canary is left alone for longer than this; default: its analysis interval, five minutes and more at rest when everything it depends on is watched",
    }),
    kubeconfigQps: option.integer({
      optional: true,
      min: 1,
      about: "requests a second to the Kubernetes API, shared fairly by the canaries; default: no limit",
    }),
    kubeconfigBurst: option.integer({
      optional: true,
      min: 1,
      about: "requests that may go out at once after a pause, with kubeconfigQps; default: twice that",
    }),
    enableLeaderElection: option.boolean({
      default: true,
      about: "upstream's flag, true or false: replicas always share the canaries by Leases",
    }),
    clusterName: option.string({ default: "", about: "shown in alerts" }),
    eventWebhook: option.url({
      optional: true,
      env: ["EVENT_WEBHOOK_URL"],
      about: "told about every event of canaries without an event hook of their own",
    }),
    leaderElectionNamespace: option.string({
      default: "kube-system",
      about: "namespace of upstream's leader lease: while it is held, this controller does not act",
    }),
    shards: option.integer({
      default: 1,
      min: 1,
      max: 256,
      about: "Leases that several replicas share the canaries by",
    }),
    leaseDuration: option.duration({ default: "15s", min: "1s", about: "how long a dead replica keeps its canaries" }),
    minInterval: option.duration({
      default: "10s",
      min: "100ms",
      about: "shortest analysis interval; canaries with a shorter one get this",
    }),
    dryRun: option.boolean({ default: false, about: "decide and tell, but write no traffic and no workload" }),
    noData: option.string({
      default: "unknown",
      choices: ["unknown", "fail"],
      about: "what a metric without data is: unknown holds the step, fail counts as upstream does",
    }),
    verdictKey: option.secret({
      optional: true,
      about: "key that verdicts are signed with; the analyzer needs the same. Without it any verdict is taken",
    }),
    hookToken: option.secret({ optional: true, about: "bearer token added to hooks of Burgee's own Services" }),
    ownServices: option.list({
      default: [],
      expects: (text) => (serviceName.test(text) ? undefined : "name.namespace or name.namespace:port"),
      about: "Burgee's own Services as name.namespace or name.namespace:port: only they get the hook token",
    }),
  },
  {
    managementPort: 8080,
    checks: [kubeAccessCheck],
    elsewhere: { ...alertFlags, ...routerFlags, ...logFlags },
  },
);
