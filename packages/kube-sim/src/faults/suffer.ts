import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { ApiError } from "../api/status.ts";
import type { FaultAction } from "./faults.ts";

/** How long the client lets its request take: the parameter `timeout`, of which `1500ms` is the only form known here. */
function requestLimitMs(query: URLSearchParams): number {
  const ms = /^(\d+)ms$/.exec(query.get("timeout") ?? "")?.[1];
  return ms === undefined ? Number.POSITIVE_INFINITY : Number(ms);
}

/**
 * Lets a request suffer its faults. True when there is nothing left to answer. Throws what the faults say, and 504 when
 * they took longer than the client waits.
 */
export async function sufferAll(
  actions: readonly FaultAction[],
  response: ServerResponse,
  query: URLSearchParams,
): Promise<boolean> {
  const limitMs = requestLimitMs(query);
  const arrivedAt = performance.now();
  if (await suffer(actions, response)) return true;
  if (performance.now() - arrivedAt >= limitMs) {
    throw new ApiError(504, "Timeout", `request did not complete within the allotted timeout of ${limitMs} ms`);
  }
  if (actions.some((action) => "drop" in action && action.drop === "after")) loseAnswer(response);
  return false;
}

/** True when there is nothing left to answer. */
async function suffer(actions: readonly FaultAction[], response: ServerResponse): Promise<boolean> {
  for (const action of actions) {
    if ("delayMs" in action) await delay(action.delayMs);
    else if ("until" in action) await action.until;
    else if ("hang" in action) {
      if (!response.destroyed) await new Promise((resolve) => response.once("close", resolve));
      return true;
    } else if ("drop" in action && action.drop === "before") {
      response.destroy();
      return true;
    } else if ("status" in action) {
      const { status, reason = "InternalError", message = "injected by a kube-sim fault", retryAfterSeconds } = action;
      throw new ApiError(status, reason, message, retryAfterSeconds === undefined ? undefined : { retryAfterSeconds });
    }
  }
  return response.destroyed;
}

/** The request is carried out; the client sees its connection end instead of the answer. */
function loseAnswer(response: ServerResponse): void {
  response.writeHead = () => response;
  response.write = () => true;
  response.end = () => response.destroy();
}
