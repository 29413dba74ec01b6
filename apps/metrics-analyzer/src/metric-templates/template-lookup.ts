import type { MetricTemplate } from "@burgee/contracts/crd";
import type { Credentials } from "../providers/provider.ts";

/** A template, or why there is none: `unavailable` while Kubernetes cannot be asked. */
export type TemplateFound =
  | { readonly kind: "found"; readonly template: MetricTemplate }
  | { readonly kind: "missing" | "unavailable"; readonly message: string };

/** Credentials, or why there are none. Messages never carry a value. */
export type CredentialsFound =
  | { readonly kind: "found"; readonly credentials: Credentials }
  | { readonly kind: "missing" | "unavailable"; readonly message: string };

/** Where evaluation gets what a request only refers to. */
export interface TemplateLookup {
  template(ref: { readonly namespace: string; readonly name: string }): Promise<TemplateFound>;
  /** Reads the Secret anew for every evaluation, so that a rotated one works at once. */
  credentials(ref: { readonly namespace: string; readonly name: string }): Promise<CredentialsFound>;
}
