import { expect, it } from "vitest";
import { applyPatchType, mergePatchType } from "../testing/api.ts";
import { deployment } from "../testing/objects.ts";
import { bare, simulated } from "../testing/suite.ts";

const { sim, api } = await simulated(bare);

const core = "/api/v1/namespaces/default";
const containers = [{ name: "app", image: "app:1" }];
await api.call("POST", `${core}/pods`, { metadata: { name: "web" }, spec: { containers } });
await api.call("POST", `${core}/services`, { metadata: { name: "web" }, spec: { ports: [{ port: 80 }] } });
await api.call("POST", "/api/v1/nodes", { metadata: { name: "node" } });
await api.call("POST", "/apis/apps/v1/namespaces/default/deployments", deployment("web"));

/** What kubectl and clients may ask for, and the end of the reason why they do not get it. */
const refused: Record<string, [method: string, path: string, why: RegExp]> = {
  "exec in a pod": [
    "POST",
    `${core}/pods/web/exec?command=ls`,
    /pods\/exec of "web", because a pod is a local process/,
  ],
  "exec over a WebSocket": ["GET", `${core}/pods/web/exec?command=ls`, /there is no container to run something in$/],
  "attaching to a pod": ["POST", `${core}/pods/web/attach`, /a pod's input is not connected$/],
  "ports of a pod": ["POST", `${core}/pods/web/portforward`, /on 127\.0\.0\.1 already; see the port-map annotation/],
  "the proxy to a pod": ["GET", `${core}/pods/web/proxy/`, /or use the forward proxy$/],
  "the proxy to a Service": ["GET", `${core}/services/web/proxy/x`, /services\/proxy of "web", because what a Service/],
  "the proxy to a node": ["GET", "/api/v1/nodes/node/proxy/", /nodes\/proxy of "node"/],
  "containers for debugging": ["PATCH", `${core}/pods/web/ephemeralcontainers`, /containers are started with it$/],
  "other resources for a pod": ["PATCH", `${core}/pods/web/resize`, /a pod's processes have no limits$/],
};

it.each(Object.entries(refused))("%s: 501 with the reason", async (_what, [method, path, why]) => {
  const body = method === "PATCH" ? { spec: {} } : undefined;
  expect(await api.refusal(method, path, body, mergePatchType)).toMatchObject({
    code: 501,
    reason: "NotImplemented",
    message: expect.stringMatching(why),
  });
});

it("server-side apply of a Scale: 501 with what to do instead", async () => {
  const path = "/apis/apps/v1/namespaces/default/deployments/web/scale?fieldManager=m";
  const scale = { apiVersion: "autoscaling/v1", kind: "Scale", metadata: { name: "web" }, spec: { replicas: 1 } };
  expect(await api.refusal("PATCH", path, scale, applyPatchType)).toMatchObject({
    code: 501,
    message: "kube-sim does not do this: server-side apply of a Scale; merge it",
  });
});

it.each(["exec", "attach", "portforward", "resize"])("%s of a pod that is not there: 404", async (subresource) => {
  expect(await api.refusal("POST", `${core}/pods/nothing/${subresource}`)).toMatchObject({ code: 404 });
});

/** Objects that are taken although nothing here acts on them, and what their writer is told. */
const idle: Record<string, [path: string, body: object, warning: RegExp]> = {
  "a Job": [
    "/apis/batch/v1/namespaces/default/jobs",
    { metadata: { name: "j" }, spec: { template: { spec: { restartPolicy: "Never", containers } } } },
    /kube-sim runs no Jobs: this one stays an object/,
  ],
  "an autoscaler": [
    "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers",
    {
      metadata: { name: "h" },
      spec: { maxReplicas: 2, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" } },
    },
    /kube-sim has no metrics to scale by/,
  ],
  "a quota": [
    `${core}/resourcequotas`,
    { metadata: { name: "q" }, spec: { hard: { pods: "1" } } },
    /counts no resources/,
  ],
  "a definition with rules in CEL": [
    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
    {
      metadata: { name: "rules.test.dev" },
      spec: {
        group: "test.dev",
        scope: "Namespaced",
        names: { kind: "Rule", plural: "rules" },
        versions: [
          {
            ...{ name: "v1", served: true, storage: true },
            schema: { openAPIV3Schema: { type: "object", "x-kubernetes-validations": [{ rule: "true" }] } },
          },
        ],
      },
    },
    /kube-sim does not evaluate CEL: the rules of spec\.versions\[0\]\.schema\.openAPIV3Schema\.x-kubernetes-validations/,
  ],
};

it.each(Object.entries(idle))("%s is taken with one warning", async (_what, [path, body, warning]) => {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(sim.url + path, { method: "POST", headers, body: JSON.stringify(body) });
  expect(answer.status).toBe(201);
  const warnings = answer.headers.get("warning") ?? "";
  expect(warnings).toMatch(warning);
  expect(warnings.match(/299 - /g)).toHaveLength(1);
});
