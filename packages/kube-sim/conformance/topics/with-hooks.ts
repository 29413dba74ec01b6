import type { JsonObject } from "../../src/api/json.ts";
import type { NeedyCase } from "../case.ts";
import type { Place } from "../place.ts";
import { type Hooked, hooked, type HookSpec, patchOf } from "./webhook-server.ts";

/** The kinds of configuration. */
export const mutating = "MutatingWebhookConfiguration";
export const validating = "ValidatingWebhookConfiguration";

type Hooks = HookSpec | readonly HookSpec[];

/** A case with webhooks in force; they are taken away afterwards. */
export function withHooks(
  kind: typeof mutating | typeof validating,
  hooks: Hooks,
  check: (place: Place, hooks: Hooked) => Promise<void>,
): NeedyCase {
  return {
    needs: "local",
    check: async (place) => {
      const inForce = await hooked(place, kind, [hooks].flat());
      try {
        await check(place, inForce);
      } finally {
        await inForce.end();
      }
    },
  };
}

/** A webhook that refuses. */
export const denies = (status?: JsonObject): HookSpec => ({
  answer: () => ({ allowed: false, ...(status && { status }) }),
});
/** A webhook that puts a value into data. */
export const add = (key: string, value = "yes"): HookSpec => ({
  answer: () => patchOf({ op: "add", path: `/data/${key}`, value }),
});
/** How the server puts the refusal of the first webhook. */
export const denied = 'admission webhook "hook0.conformance.dev" denied the request';
