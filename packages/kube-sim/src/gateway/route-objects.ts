// The parts of Gateway API objects that the gateway obeys (gateway.networking.k8s.io/v1).

export type StringMatchType = "Exact" | "RegularExpression";

export interface HeaderMatch {
  readonly name: string;
  readonly type?: StringMatchType;
  readonly value: string;
}

export interface RouteMatch {
  readonly path?: { readonly type?: "Exact" | "PathPrefix" | "RegularExpression"; readonly value?: string };
  readonly method?: string;
  readonly headers?: readonly HeaderMatch[];
  readonly queryParams?: readonly HeaderMatch[];
}

export interface BackendRef {
  readonly name: string;
  readonly namespace?: string;
  readonly port?: number;
  readonly weight?: number;
  readonly filters?: readonly RouteFilter[];
}

export interface HeaderEdit {
  readonly set?: readonly { readonly name: string; readonly value: string }[];
  readonly add?: readonly { readonly name: string; readonly value: string }[];
  readonly remove?: readonly string[];
}

export interface PathRewrite {
  readonly type: string;
  readonly replaceFullPath?: string;
  readonly replacePrefixMatch?: string;
}

export interface Redirect {
  readonly scheme?: string;
  readonly hostname?: string;
  readonly port?: number;
  readonly path?: PathRewrite;
  readonly statusCode?: number;
}

export interface RouteFilter {
  readonly type: string;
  readonly requestHeaderModifier?: HeaderEdit;
  readonly responseHeaderModifier?: HeaderEdit;
  readonly requestMirror?: {
    readonly backendRef: BackendRef;
    readonly percent?: number;
    readonly fraction?: { readonly numerator: number; readonly denominator?: number };
  };
  readonly requestRedirect?: Redirect;
  readonly urlRewrite?: {
    readonly hostname?: string;
    readonly path?: PathRewrite;
  };
}

export interface RouteRule {
  readonly matches?: readonly RouteMatch[];
  readonly filters?: readonly RouteFilter[];
  readonly backendRefs?: readonly BackendRef[];
  /** How long a request may take, answer included. */
  readonly timeoutMs?: number;
}

export interface HttpRoute {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly creationTimestamp?: string };
  readonly spec: { readonly hostnames?: readonly string[]; readonly rules?: readonly RouteRule[] };
}
