import { StoryError } from "./wait.ts";

/** Switches a flag for a target group through the admin API, as an operator would. */
export async function toggleFlag(
  { adminUrl, adminToken, signal }: { adminUrl: string; adminToken: string; signal: AbortSignal },
  change: { flag: string; target: "canary" | "all"; enabled: boolean },
): Promise<void> {
  const response = await fetch(new URL("/api/flags", adminUrl), {
    method: "POST",
    signal,
    headers: { "content-type": "application/json", authorization: `Bearer ${adminToken}` },
    body: JSON.stringify({ namespace: "shop", name: "shop", environment: "demo", ...change }),
  });
  if (!response.ok)
    throw new StoryError(
      `cannot switch ${change.flag}: the admin API answered ${response.status} ${await response.text()}`,
    );
}
