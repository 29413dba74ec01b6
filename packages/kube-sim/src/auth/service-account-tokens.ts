import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  sign,
  verify,
} from "node:crypto";
import { type JsonObject, isObject, numberAt, objectAt, stringAt, stringsAt } from "../api/json.ts";
import { timestamp } from "../api/machinery.ts";
import type { KubeObject } from "../api/object.ts";
import { ApiError, conflict, invalid, notFound } from "../api/status.ts";
import type { Store } from "../api/store.ts";
import { authenticatedGroup, type UserInfo } from "./user.ts";

/** Who issues the tokens and, unless they are asked for somebody else, who they are for. */
export const issuer = "https://kubernetes.default.svc";

const tokenRequest = { group: "authentication.k8s.io", plural: "tokenrequests", kind: "TokenRequest" };

/** What a token can be bound to, and where that is. */
const bindable: Record<string, string | undefined> = { Node: "nodes", Pod: "pods", Secret: "secrets" };

/** Whose a token is, and for which of the audiences asked about. */
export interface TokenOwner {
  user: UserInfo;
  audiences: readonly string[];
}

/** Signs and checks tokens of service accounts: JWTs with the claims of the real API, ES256. */
export class ServiceAccountTokens {
  readonly #store: Store;
  #keys: { privateKey: KeyObject; publicKey: KeyObject; id: string } | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Answers a TokenRequest. Throws 422 for a duration that is too short, 404 and 409 for a bound object that is not the one. */
  issue(account: KubeObject, request: unknown, now: number): JsonObject {
    const { namespace = "", name, uid } = account.metadata;
    const wanted = numberAt(request, "spec", "expirationSeconds") ?? 3600;
    if (wanted < 600) {
      const detail = "may not specify a duration less than 10 minutes";
      throw invalid(tokenRequest, "", [{ type: "Invalid", field: "spec.expirationSeconds", value: wanted, detail }]);
    }
    if (wanted > 2 ** 32) {
      const detail = "may not specify a duration larger than 2^32 seconds";
      throw invalid(tokenRequest, "", [{ type: "Invalid", field: "spec.expirationSeconds", value: wanted, detail }]);
    }
    const own = stringAt(request, "metadata", "name") || name;
    if (own !== name) {
      const detail = "must match the service account name if specified";
      throw invalid(tokenRequest, name, [{ type: "Invalid", field: "metadata.name", value: own, detail }]);
    }
    const given = stringsAt(request, "spec", "audiences");
    const audiences = given.length > 0 ? given : [issuer];
    const seconds = Math.floor(now / 1000);
    const bound = objectAt(request, "spec").boundObjectRef;
    const claims = {
      ...{ aud: audiences, exp: seconds + wanted, iat: seconds, iss: issuer, jti: randomUUID(), nbf: seconds },
      "kubernetes.io": { namespace, ...this.#boundClaims(account, bound), serviceaccount: { name, uid } },
      sub: `system:serviceaccount:${namespace}:${name}`,
    };
    return {
      kind: "TokenRequest",
      apiVersion: "authentication.k8s.io/v1",
      metadata: { name, namespace, creationTimestamp: timestamp(now) },
      spec: { audiences, expirationSeconds: wanted, boundObjectRef: bound ?? null },
      status: { token: this.#signed(claims), expirationTimestamp: timestamp((seconds + wanted) * 1000) },
    };
  }

  /** Whose token it is, or why it is nobody's; undefined for what is no token of a service account. */
  ownerOf(
    token: string,
    o: { audiences: readonly string[]; now: number },
  ): TokenOwner | { problem: string } | undefined {
    const claims = this.#claims(token);
    if (!claims) return undefined;
    const [seconds, audiences] = [o.now / 1000, stringsAt(claims, "aud")];
    if ((numberAt(claims, "exp") ?? 0) <= seconds) return { problem: "service account token has expired" };
    const common = audiences.filter((audience) => o.audiences.includes(audience));
    if (common.length === 0) {
      return {
        problem: `token audiences ${quoted(audiences)} is invalid for the target audiences ${quoted(o.audiences)}`,
      };
    }
    const about = objectAt(claims, "kubernetes.io");
    const namespace = stringAt(about, "namespace") ?? "";
    const name = stringAt(about, "serviceaccount", "name") ?? "";
    const uid = stringAt(about, "serviceaccount", "uid") ?? "";
    const pod = objectAt(about, "pod");
    const isThere = this.#store.get("/serviceaccounts", `${namespace}/${name}`)?.metadata.uid === uid;
    const isBound = !pod.name || this.#store.get("/pods", `${namespace}/${pod.name}`)?.metadata.uid === pod.uid;
    if (!isThere || !isBound) return { problem: "service account token has been invalidated" };
    const extra: Record<string, string[]> = {
      "authentication.kubernetes.io/credential-id": [`JTI=${claims.jti}`],
      ...(typeof pod.name === "string" && { "authentication.kubernetes.io/pod-name": [pod.name] }),
      ...(typeof pod.uid === "string" && { "authentication.kubernetes.io/pod-uid": [pod.uid] }),
    };
    const username = `system:serviceaccount:${namespace}:${name}`;
    return { user: { username, uid, groups: groupsOf(namespace), extra }, audiences: common };
  }

  #boundClaims({ metadata }: KubeObject, reference: unknown): JsonObject {
    if (!isObject(reference)) return {};
    const { namespace, name } = metadata;
    const kind = String(reference.kind);
    const plural = bindable[kind];
    if (plural === undefined) {
      throw new ApiError(
        400,
        "BadRequest",
        `cannot bind token to object of type /${reference.apiVersion}, Kind=${kind}`,
      );
    }
    const bound = { group: "", plural, kind };
    const key = kind === "Node" ? String(reference.name) : `${namespace}/${reference.name}`;
    const object = this.#store.get(`/${plural}`, key);
    if (!object) throw notFound(bound, String(reference.name));
    if (typeof reference.uid === "string" && reference.uid !== object.metadata.uid) {
      const why = `the UID in the bound object reference (${reference.uid}) does not match the UID in record. The object might have been deleted and then recreated`;
      throw conflict({ ...bound, plural: kind }, String(reference.name), why);
    }
    if (kind === "Pod" && stringAt(object, "spec", "serviceAccountName") !== name) {
      const why = `cannot bind token for serviceaccount "${name}" to pod running with different serviceaccount name.`;
      throw new ApiError(400, "BadRequest", why);
    }
    return { [kind.toLowerCase()]: { name: object.metadata.name, uid: object.metadata.uid } };
  }

  /** Made when the first token is: most clusters of tests need none. */
  #pair() {
    if (!this.#keys) {
      const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const der = createPublicKey(pair.privateKey).export({ type: "spki", format: "der" });
      this.#keys = { ...pair, id: createHash("sha256").update(der).digest("base64url") };
    }
    return this.#keys;
  }

  #signed(claims: JsonObject): string {
    const { privateKey, id } = this.#pair();
    const text = `${encode({ alg: "ES256", kid: id })}.${encode(claims)}`;
    const signature = sign("sha256", Buffer.from(text), { key: privateKey, dsaEncoding: "ieee-p1363" });
    return `${text}.${signature.toString("base64url")}`;
  }

  #claims(token: string): JsonObject | undefined {
    const [head, body, signature, more] = token.split(".");
    if (!this.#keys || !head || !body || !signature || more !== undefined) return undefined;
    const key = { key: this.#keys.publicKey, dsaEncoding: "ieee-p1363" as const };
    const isOurs = verify("sha256", Buffer.from(`${head}.${body}`), key, Buffer.from(signature, "base64url"));
    if (!isOurs) return undefined;
    const claims: unknown = JSON.parse(Buffer.from(body, "base64url").toString("utf8"));
    return isObject(claims) ? claims : undefined;
  }
}

function encode(value: JsonObject): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function quoted(list: readonly string[]): string {
  return `[${list.map((item) => JSON.stringify(item)).join(" ")}]`;
}

/** The groups of every service account of a namespace. */
export function groupsOf(namespace: string): string[] {
  return ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, authenticatedGroup];
}
