// A rollout that makes the controller copy, align and take over whatever it can.

const namespace = "default";
const inDefault = (name: string) => ({ name, namespace });
const autoscaling = { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler" };

function deployment(image: string): object {
  const sources = [{ configMapRef: { name: "web-config" } }, { secretRef: { name: "web-secret" } }];
  const template = {
    metadata: { labels: { app: "web" } },
    spec: { containers: [{ name: "app", image, ports: [{ containerPort: 8080 }], envFrom: sources }] },
  };
  const spec = { selector: { matchLabels: { app: "web" } }, template };
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: inDefault("web"), spec };
}

function configs(colour: string): object[] {
  return [
    { apiVersion: "v1", kind: "ConfigMap", metadata: inDefault("web-config"), data: { colour } },
    { apiVersion: "v1", kind: "Secret", metadata: inDefault("web-secret"), stringData: { colour } },
  ];
}

function autoscaler(maxReplicas: number): object {
  const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };
  return { ...autoscaling, metadata: inDefault("web"), spec: { scaleTargetRef, minReplicas: 1, maxReplicas } };
}

/** A metric that needs a template and its Secret; nothing answers there. */
function measured(): object[] {
  const provider = { type: "prometheus", address: "http://127.0.0.1:1", secretRef: { name: "prometheus" } };
  return [
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: inDefault("prometheus"),
      stringData: { username: "a", password: "b" },
    },
    {
      apiVersion: "flagger.app/v1beta1",
      kind: "MetricTemplate",
      metadata: inDefault("orders"),
      spec: { provider, query: "up" },
    },
  ];
}

function canary(port: number, o: { metrics: readonly object[] }): object {
  return {
    apiVersion: "flagger.app/v1beta1",
    kind: "Canary",
    metadata: inDefault("web"),
    spec: {
      provider: "kubernetes",
      targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      autoscalerRef: { ...autoscaling, name: "web" },
      service: { port, targetPort: 8080 },
      analysis: { interval: "1s", threshold: 10, iterations: 2, onUnknown: "hold", metrics: o.metrics, flags },
    },
  };
}

const flags = [{ name: "new", variant: "on" }];

/** Takes its variant to everybody; somebody asks for what nobody can read. */
function flagRollout(): object {
  return {
    apiVersion: "burgee.dev/v1alpha1",
    kind: "FlagRollout",
    metadata: { ...inDefault("new"), annotations: { "burgee.dev/action": "unreadable" } },
    spec: {
      flagRef: { name: "fine", key: "new" },
      variant: "on",
      analysis: { interval: "1s", threshold: 1, stepWeight: 50 },
    },
  };
}

const otherKinds = { agent: "DaemonSet", store: "StatefulSet" };

/** Workloads of the other kinds. */
function otherTargets(image: string): object[] {
  return Object.entries(otherKinds).map(([name, kind]) => ({
    apiVersion: "apps/v1",
    kind,
    metadata: inDefault(name),
    spec: {
      ...(kind === "StatefulSet" ? { serviceName: name } : {}),
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: "app", image }] } },
    },
  }));
}

function otherCanaries(): object[] {
  const canaries = Object.entries(otherKinds).map(([name, kind]) => ({
    provider: "kubernetes",
    targetRef: { apiVersion: "apps/v1", kind, name },
    ...(kind === "StatefulSet" ? { autoscalerRef: { ...keda, name } } : {}),
    service: { port: 80 },
    analysis: { interval: "1s", threshold: 10, iterations: 1 },
  }));
  const targetRef = { ...serving, kind: "Service", name: "lambda" };
  const analysis = { interval: "1s", threshold: 10, stepWeight: 50 };
  return [...canaries, { provider: "knative", targetRef, analysis }].map((spec) => ({
    apiVersion: "flagger.app/v1beta1",
    kind: "Canary",
    metadata: inDefault(spec.targetRef.name),
    spec,
  }));
}

const keda = { apiVersion: "keda.sh/v1alpha1", kind: "ScaledObject" };
const serving = { apiVersion: "serving.knative.dev/v1" };

function scaledObject(maxReplicaCount: number): object {
  const spec = { scaleTargetRef: { name: "store" }, minReplicaCount: 1, maxReplicaCount };
  return { ...keda, metadata: inDefault("store"), spec };
}

/** A Knative Service and its newest revision, as Knative has them. */
function knative(image: string, revision: string): object[] {
  const ready = { conditions: [{ type: "Ready", status: "True" }] };
  const status = { observedGeneration: 100, latestCreatedRevisionName: revision };
  const spec = { template: { spec: { containers: [{ image }] } } };
  return [
    { ...serving, kind: "Revision", metadata: inDefault(revision), status: ready },
    { ...serving, kind: "Service", metadata: inDefault("lambda"), spec, status },
  ];
}

/** Version 1 of everything. */
export function rolloutObjects(): object[] {
  const others = [...otherTargets("other:1"), scaledObject(3), ...knative("lambda:1", "lambda-1"), ...otherCanaries()];
  return [
    ...configs("blue"),
    deployment("web:1"),
    autoscaler(3),
    flagRollout(),
    canary(80, { metrics: [] }),
    ...others,
  ];
}

/** Another version of each. */
export function rolloutChanges(): object[] {
  return [
    ...configs("green"),
    autoscaler(4),
    canary(81, { metrics: [] }),
    deployment("web:2"),
    ...otherTargets("other:2"),
    scaledObject(4),
    ...knative("lambda:2", "lambda-2"),
  ];
}

/** One more version, to be judged by a metric from a template. */
export function measuredChanges(): object[] {
  // The second one is in no cache: it is asked for.
  const metrics = ["orders", "missing"].map((name) => ({
    name,
    templateRef: { name },
    interval: "1m",
    thresholdRange: { min: 1 },
  }));
  return [...measured(), canary(81, { metrics }), deployment("web:3")];
}
