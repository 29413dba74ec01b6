import type { Answer, Http, RequestOptions } from "./http.ts";
import { Watch } from "./watch.ts";

/** Parameters of a URL. */
export type Query = Record<string, string>;

const types = {
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  json: "application/json-patch+json",
  apply: "application/apply-patch+yaml",
};

/** `application/json` as a table, as kubectl asks for it. */
export const asTable = "application/json;as=Table;v=v1;g=meta.k8s.io";
/** Objects reduced to their metadata. */
export const asMetadata = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
/** Lists of such. */
export const asMetadataList = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";

/** The objects of one kind in one place. A name may go on with a subresource: `web/status`. */
export class Collection {
  readonly #http: Http;
  readonly path: string;

  constructor(http: Http, path: string) {
    this.#http = http;
    this.path = path;
  }

  create(body: unknown, query: Query = {}): Promise<Answer> {
    return this.#call("POST", "", query, { body });
  }

  /** Creates a subresource object such as a Binding. */
  createAt(name: string, body: unknown, query: Query = {}): Promise<Answer> {
    return this.#call("POST", name, query, { body });
  }

  get(name: string, query: Query = {}, accept?: string): Promise<Answer> {
    return this.#call("GET", name, query, accept === undefined ? {} : { accept });
  }

  list(query: Query = {}, accept?: string): Promise<Answer> {
    return this.get("", query, accept);
  }

  replace(name: string, body: unknown, query: Query = {}): Promise<Answer> {
    return this.#call("PUT", name, query, { body });
  }

  merge(name: string, body: unknown, query: Query = {}): Promise<Answer> {
    return this.#call("PATCH", name, query, { body, contentType: types.merge });
  }

  strategic(name: string, body: unknown, query: Query = {}): Promise<Answer> {
    return this.#call("PATCH", name, query, { body, contentType: types.strategic });
  }

  jsonPatch(name: string, body: unknown, query: Query = {}): Promise<Answer> {
    return this.#call("PATCH", name, query, { body, contentType: types.json });
  }

  apply(name: string, body: unknown, query: Query = {}): Promise<Answer> {
    return this.#call("PATCH", name, query, { body, contentType: types.apply });
  }

  remove(name: string, body?: unknown, query: Query = {}): Promise<Answer> {
    return this.#call("DELETE", name, query, body === undefined ? {} : { body });
  }

  /** Any request below the collection. */
  send(method: string, name: string, options: RequestOptions, query: Query = {}): Promise<Answer> {
    return this.#call(method, name, query, options);
  }

  watch(query: Query = {}, accept?: string): Promise<Watch> {
    return Watch.open(this.#http, withQuery(this.path, { ...query, watch: "1" }), accept);
  }

  #call(method: string, name: string, query: Query, options: RequestOptions): Promise<Answer> {
    return this.#http.call(method, withQuery(name ? `${this.path}/${name}` : this.path, query), options);
  }
}

function withQuery(path: string, query: Query): string {
  const text = new URLSearchParams(query).toString();
  return text ? `${path}?${text}` : path;
}
