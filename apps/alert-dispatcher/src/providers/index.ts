import { discord } from "./discord.ts";
import { gchat } from "./gchat.ts";
import { msteams } from "./msteams.ts";
import type { AlertProviderType } from "./provider.ts";
import { rocket } from "./rocket.ts";
import { slack } from "./slack.ts";
import { webhook } from "./webhook.ts";

/** Every value of `spec.type` that this version delivers to. */
export const providers = { slack, msteams, discord, rocket, gchat, webhook } satisfies Record<
  string,
  AlertProviderType
>;
export type ProviderType = keyof typeof providers;

/** Whether there is a provider for a `spec.type`. */
export function isProviderType(type: string): type is ProviderType {
  return Object.hasOwn(providers, type);
}

/** The values of `spec.type` that can be delivered, sorted for messages. */
export const providerTypes: readonly string[] = Object.keys(providers).toSorted();
