import type { JsonObject } from "../../src/api/json.ts";
import { type Cases, rows } from "../case.ts";
import { answers, fits, refuses, someText } from "../expect.ts";
import { made, madeMap, pod } from "../objects.ts";

const request = (spec: JsonObject, metadata: JsonObject = {}) => ({
  ...{ apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest" },
  ...{ metadata, spec },
});

const bound = (kind: string, more: JsonObject = {}) =>
  request({ boundObjectRef: { apiVersion: "v1", kind, name: "nothing", ...more } });

/** Requests that get no token. */
const refused: Record<string, [body: JsonObject, status: number, reason: string, message: RegExp]> = {
  "bound to a pod that is not there": [bound("Pod"), 404, "NotFound", /^pods "nothing" not found$/],
  "bound to a Secret that is not there": [bound("Secret"), 404, "NotFound", /^secrets "nothing" not found$/],
  "bound to a node that is not there": [bound("Node"), 404, "NotFound", /^nodes "nothing" not found$/],
  "bound to a ConfigMap": [
    bound("ConfigMap"),
    400,
    "BadRequest",
    /^cannot bind token to object of type \/v1, Kind=ConfigMap$/,
  ],
  "for more than 2^32 seconds": [
    request({ expirationSeconds: 2 ** 33 }),
    ...([422, "Invalid", /may not specify a duration larger than 2\^32 seconds$/] as const),
  ],
  "with the name of another account": [
    request({}, { name: "other" }),
    ...([422, "Invalid", /must match the service account name if specified$/] as const),
  ],
};

export const tokens: Cases = {
  ...rows(
    refused,
    (what) => `no token ${what}`,
    async (place, [body, status, reason, message]) => {
      refuses(await place.in("serviceaccounts").createAt("default/token", body), status, reason, { message });
    },
  ),
  "a token can be bound to a pod of the account": async (place) => {
    const name = place.name();
    await made(place.in("pods").create(pod(name)));
    const answer = await place.in("serviceaccounts").createAt("default/token", bound("Pod", { name }));
    answers(answer, 201, { spec: { boundObjectRef: { kind: "Pod", name } }, status: { token: someText } });
    const other = await place.in("serviceaccounts").createAt("default/token", bound("Pod", { name, uid: "other" }));
    refuses(other, 409, "Conflict", {
      message: /^Operation cannot be fulfilled on Pod ".*the UID in the bound object/,
    });
  },
  "no token of an account that is not there: 404": async (place) => {
    refuses(await place.in("serviceaccounts").createAt("nobody/token", request({})), 404, "NotFound");
  },
  "groups are not impersonated without a user: 400": async (place) => {
    const headers = { "impersonate-group": "g" };
    const answer = await place.maps.send("GET", await madeMap(place), { headers });
    fits(answer.status, 400);
    refuses(answer, 400, "BadRequest", { message: /without impersonating a user name$/ });
  },
};
