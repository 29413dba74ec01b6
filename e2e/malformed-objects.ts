type Named<K extends string> = {
  readonly apiVersion: string;
  readonly kind: K;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: object;
};

function named<K extends string>(apiVersion: string, kind: K, name: string, spec: object): Named<K> {
  return { apiVersion, kind, metadata: { name, namespace: "default" }, spec };
}

/** A Canary that is fine but for the changes; undefined removes a field. */
export function canary(
  name: string,
  { spec = {}, analysis = {} }: { readonly spec?: object; readonly analysis?: object },
): Named<"Canary"> {
  const whole = {
    provider: "gatewayapi:v1",
    targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
    service: { port: 80, gatewayRefs: [{ name: "gateway" }] },
    ...spec,
    analysis: { interval: "1s", threshold: 2, maxWeight: 50, stepWeight: 10, ...analysis },
  };
  const given: object = JSON.parse(JSON.stringify(whole));
  return named("flagger.app/v1beta1", "Canary", name, given);
}

/** A MetricTemplate with this spec. */
export function metricTemplate(name: string, spec: object): Named<"MetricTemplate"> {
  return named("flagger.app/v1beta1", "MetricTemplate", name, spec);
}

/** An AlertProvider with this spec. */
export function alertProvider(name: string, spec: object): Named<"AlertProvider"> {
  return named("flagger.app/v1beta1", "AlertProvider", name, spec);
}

/** A FeatureFlag with one flag, `new`. */
export function featureFlag(name: string, flag: object): Named<"FeatureFlag"> {
  return named("core.openfeature.dev/v1beta1", "FeatureFlag", name, { flagSpec: { flags: { new: flag } } });
}

/** A Deployment whose pods are ready at once. */
export function web(name: string, image = `${name}:1`): Named<"Deployment"> {
  const template = { metadata: { labels: { app: name } }, spec: { containers: [{ name: "app", image }] } };
  return named("apps/v1", "Deployment", name, { replicas: 1, selector: { matchLabels: { app: name } }, template });
}
