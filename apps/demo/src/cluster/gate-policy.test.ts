import { describe, expect, it } from "vitest";
import { refusal } from "./gate-policy.ts";

const domain = { namespaces: new Set(["shop", "burgee-system"]), node: "burgee-demo-1" };

const allowed: Record<string, [method: string, path: string]> = {
  "reading anything": ["GET", "/api/v1/namespaces/kube-system/pods"],
  "writing core objects in its namespaces": ["POST", "/api/v1/namespaces/shop/pods"],
  "writing grouped objects in its namespaces": ["PATCH", "/apis/apps/v1/namespaces/burgee-system/deployments/flagd"],
  "writing status and other subresources there": [
    "PUT",
    "/apis/flagger.app/v1beta1/namespaces/shop/canaries/shop/status",
  ],
  "deleting all of a kind there": ["DELETE", "/api/v1/namespaces/shop/configmaps"],
  "changing its namespaces": ["PATCH", "/api/v1/namespaces/shop"],
  "finalizing its namespaces": ["PUT", "/api/v1/namespaces/shop/finalize"],
  "registering its node": ["POST", "/api/v1/nodes"],
  "reporting its node's status": ["PATCH", "/api/v1/nodes/burgee-demo-1/status"],
  "asking who somebody is": ["POST", "/apis/authentication.k8s.io/v1/tokenreviews"],
  "asking what somebody may do": ["POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews"],
};

const refused: Record<string, [method: string, path: string]> = {
  "writing in other namespaces": ["POST", "/api/v1/namespaces/default/pods"],
  "writing in a namespace whose name only begins alike": ["POST", "/api/v1/namespaces/shop2/pods"],
  "changing other namespaces": ["DELETE", "/api/v1/namespaces/default"],
  "making namespaces": ["POST", "/api/v1/namespaces"],
  "deleting namespaces together": ["DELETE", "/api/v1/namespaces"],
  "writing without a namespace": ["POST", "/api/v1/pods"],
  "making custom resource definitions": ["POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"],
  "deleting custom resource definitions": [
    "DELETE",
    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/canaries.flagger.app",
  ],
  "changing other nodes": ["PATCH", "/api/v1/nodes/worker-1/status"],
  "deleting nodes together": ["DELETE", "/api/v1/nodes"],
  "cluster roles": ["POST", "/apis/rbac.authorization.k8s.io/v1/clusterroles"],
  "reviews in name only": ["DELETE", "/apis/authorization.k8s.io/v1/subjectaccessreviews"],
  "slashes in disguise": ["POST", "/api/v1/namespaces/shop%2F..%2Fdefault/pods"],
  "empty segments": ["POST", "/api/v1/namespaces//shop/pods"],
  "commands in other people's pods": ["GET", "/api/v1/namespaces/default/pods/web/exec"],
  "the proxy to nodes": ["GET", "/api/v1/nodes/worker-1/proxy/pods"],
};

describe("the gate passes", () => {
  it.each(Object.entries(allowed))("%s", (_sentence, [method, path]) => {
    expect(refusal(method, path, domain)).toBeUndefined();
  });
});

describe("the gate refuses", () => {
  it.each(Object.entries(refused))("%s", (_sentence, [method, path]) => {
    expect(refusal(method, path, domain)).toBeTypeOf("string");
  });
});
