import { objectsAt } from "../../src/api/json.ts";
import type { Cases } from "../case.ts";
import { answers, fits, misfit, refuses, someText } from "../expect.ts";
import { type Place, until } from "../place.ts";

const get = (place: Place, path: string, accept?: string) =>
  place.http.call("GET", path, accept === undefined ? {} : { accept });

const aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/** The resource of a list that has the name. */
async function resource(place: Place, path: string, name: string): Promise<unknown> {
  const list = answers(await get(place, path), 200, { kind: "APIResourceList" });
  return objectsAt(list, "resources").find((entry) => entry.name === name);
}

export const discovery: Cases = {
  "/api names the versions of the core group": async (place) => {
    answers(await get(place, "/api"), 200, { kind: "APIVersions", versions: ["v1"] });
  },
  "/apis lists groups with their preferred versions": async (place) => {
    const list = answers(await get(place, "/apis"), 200, { kind: "APIGroupList", apiVersion: "v1" });
    fits(
      objectsAt(list, "groups").find((group) => group.name === "apps"),
      {
        name: "apps",
        versions: [{ groupVersion: "apps/v1", version: "v1" }],
        preferredVersion: { groupVersion: "apps/v1", version: "v1" },
      },
    );
  },
  "a group of its own has a document": async (place) => {
    answers(await get(place, "/apis/apps"), 200, {
      kind: "APIGroup",
      apiVersion: "v1",
      name: "apps",
      preferredVersion: { version: "v1" },
    });
  },
  "autoscaling prefers v2 before v1": async (place) => {
    answers(await get(place, "/apis/autoscaling"), 200, { preferredVersion: { version: "v2" } });
  },
  "a kind is described with names, scope and verbs": async (place) => {
    fits(await resource(place, "/apis/apps/v1", "deployments"), {
      name: "deployments",
      singularName: "deployment",
      namespaced: true,
      kind: "Deployment",
      verbs: ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
      shortNames: ["deploy"],
      categories: ["all"],
    });
  },
  "scale is a subresource of another group": async (place) => {
    fits(await resource(place, "/apis/apps/v1", "deployments/scale"), {
      group: "autoscaling",
      version: "v1",
      kind: "Scale",
      verbs: ["get", "patch", "update"],
      singularName: "",
    });
  },
  "the log of a pod can only be read": async (place) => {
    fits(await resource(place, "/api/v1", "pods/log"), { kind: "Pod", verbs: ["get"], namespaced: true });
  },
  "a review can only be created": async (place) => {
    fits(await resource(place, "/apis/authorization.k8s.io/v1", "selfsubjectaccessreviews"), {
      verbs: ["create"],
      namespaced: false,
    });
  },
  "a custom kind is described like a built-in one": async (place) => {
    fits(await resource(place, `/apis/${place.group}/v1`, "widgets"), {
      singularName: "widget",
      namespaced: true,
      kind: "Widget",
      verbs: (verbs: unknown) => Array.isArray(verbs) && verbs.length === 8,
    });
    fits(await resource(place, `/apis/${place.group}/v1`, "widgets/status"), {
      kind: "Widget",
      verbs: ["get", "patch", "update"],
    });
  },
  "aggregated discovery tells all groups in one answer": async (place) => {
    const answer = await get(place, "/apis", aggregated);
    const list = answers(answer, 200, { kind: "APIGroupDiscoveryList", apiVersion: "apidiscovery.k8s.io/v2" });
    fits(answer.contentType, /as=APIGroupDiscoveryList/);
    const apps = objectsAt(list, "items").find((item) => misfit(item, { metadata: { name: "apps" } }) === undefined);
    const deployments = objectsAt(apps, "versions", 0, "resources").find((entry) => entry.resource === "deployments");
    fits(deployments, {
      responseKind: { kind: "Deployment" },
      scope: "Namespaced",
      singularResource: "deployment",
      verbs: (verbs: unknown) => Array.isArray(verbs) && verbs.includes("watch"),
    });
  },
  "an unknown group is a plain 404": async (place) => {
    const answer = await get(place, "/apis/no.such.group/v1/things");
    fits(answer.status, 404);
    fits(answer.body, /^404 page not found/);
  },
  "an unknown version of a known group is a Status": async (place) => {
    refuses(await get(place, "/apis/apps/v9/deployments"), 404, "NotFound", {
      message: "the server could not find the requested resource",
    });
  },
  "an unknown kind of a known group is a Status": async (place) => {
    refuses(await get(place, "/apis/apps/v1/things"), 404, "NotFound", {
      message: "the server could not find the requested resource",
    });
  },
  "an unknown kind of a custom group is a plain 404": async (place) => {
    const answer = await get(place, `/apis/${place.group}/v1/things`);
    fits(answer.status, 404);
    fits(answer.body, /^404 page not found/);
  },
  "/version tells the version and what it emulates": async (place) => {
    answers(await get(place, "/version"), 200, {
      ...{
        major: "1",
        minor: someText,
        gitVersion: /^v1\./,
        gitCommit: someText,
        goVersion: someText,
        platform: someText,
      },
      ...{ emulationMajor: "1", emulationMinor: someText, minCompatibilityMajor: "1", minCompatibilityMinor: someText },
    });
  },
  "/healthz, /livez and /readyz say ok": async (place) => {
    for (const path of ["/healthz", "/livez", "/readyz"]) answers(await get(place, path), 200, "ok");
  },
  "OpenAPI v3 has a document a version, with the hash of its content": async (place) => {
    answers(await get(place, "/openapi/v3"), 200, {
      paths: { "apis/apps/v1": { serverRelativeURL: /^\/openapi\/v3\/apis\/apps\/v1\?hash=/ } },
    });
  },
  "OpenAPI v3 of a custom kind has its schema with descriptions": async (place) => {
    const path = `/openapi/v3/apis/${place.group}/v1`;
    await until(async () => (await get(place, path)).status === 200);
    const document = answers(await get(place, path), 200, { openapi: "3.0.0" });
    const name = `${place.group.split(".").reverse().join(".")}.v1.Widget`;
    fits(document, {
      components: {
        schemas: {
          [name]: {
            description: "A thing to try the API on.",
            properties: {
              spec: { properties: { size: { type: "integer", description: "How large the widget is." } } },
            },
            "x-kubernetes-group-version-kind": [{ group: place.group, version: "v1", kind: "Widget" }],
          },
        },
      },
    });
  },
};
