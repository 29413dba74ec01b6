import type { DialedResponse, Secret } from "@burgee/service-kit";
import type { Alert } from "../alert.ts";

/** Where to send, after defaults and the Secret were laid over the AlertProvider. */
export interface Receiver {
  /** Often a credential itself (chat webhooks carry their token in the path). */
  readonly address: Secret;
  readonly token: Secret | undefined;
  readonly channel: string;
  readonly username: string;
}

export interface Post {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body: object;
}

/** Why a receiver did not take a post that it answered, and whether to try again. */
export interface Refusal {
  readonly reason: string;
  readonly retry: boolean;
}

/** One system that receives alerts: a file each, named by the value of `spec.type`. */
export interface AlertProviderType {
  /** How many posts the receiver takes: so many at once, then one more in every interval. */
  readonly rate: { readonly burst: number; readonly intervalMs: number };
  post(alert: Alert, receiver: Receiver): Post;
  /** Only for systems that answer 2xx and mean no. */
  refusal?(response: DialedResponse): Refusal | undefined;
}
