import { createHash } from "node:crypto";
import type { Redis } from "ioredis";

/** The rules of a stream. */
export interface StreamRules {
  /** How long an id is remembered; 0: it is not. */
  readonly windowMs: number;
  readonly maxLength: number;
  readonly hardLimit: number;
}

export interface PublishScript {
  readonly text: string;
  readonly sha: string;
}

/**
 * Duplicate check, trimming, hard limit and XADD in one step, so that two publishers cannot pass each other.
 *
 * The id is written after the entry: an error in between must not make the id look delivered. Trimming removes whole nodes
 * (`~`), at most the surplus (LIMIT), and nothing from the first entry on that some group has not finished; it looks only at
 * every hundredth entry, because asking for the groups costs more than adding. The rules are part of the text: an argument costs
 * with every entry.
 */
export function createPublishScript({ windowMs, maxLength, hardLimit }: StreamRules): PublishScript {
  const text = `
local stream, seen = KEYS[1], KEYS[2]
local window, soft, hard = ${windowMs}, ${maxLength}, ${hardLimit}
if window > 0 and redis.call('EXISTS', seen) == 1 then return 'duplicate' end

local function older(a, b)
  local ams, aseq = string.match(a, '(%d+)-(%d+)')
  local bms, bseq = string.match(b, '(%d+)-(%d+)')
  if ams ~= bms then return tonumber(ams) < tonumber(bms) end
  return tonumber(aseq) < tonumber(bseq)
end

local function firstNeeded()
  local first
  for _, pairs in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
    local group = {}
    for i = 1, #pairs, 2 do group[pairs[i]] = pairs[i + 1] end
    local needed = group['last-delivered-id']
    if group['pending'] > 0 then needed = redis.call('XPENDING', stream, group['name'])[2] end
    if not first or older(needed, first) then first = needed end
  end
  return first
end

local length = redis.call('XLEN', stream)
if length > soft and (length % 100 == 0 or length >= hard) then
  local first = firstNeeded()
  if first then redis.call('XTRIM', stream, 'MINID', '~', first, 'LIMIT', length - soft)
  else redis.call('XTRIM', stream, 'MAXLEN', '~', soft) end
  length = redis.call('XLEN', stream)
end
if length >= hard then return 'full' end

redis.call('XADD', stream, '*', unpack(ARGV))
if window > 0 then redis.call('SET', seen, '1', 'PX', window) end
return 'accepted'
`;
  return { text, sha: createHash("sha1").update(text).digest("hex") };
}

export interface PublishCall {
  readonly script: PublishScript;
  readonly streamKey: string;
  /** Remembers the id for the window; absent without one. */
  readonly seenKey?: string;
  readonly fields: readonly (string | Buffer)[];
}

export type PublishResult = "accepted" | "duplicate" | "full";

/** Publishes in one step on the server, which keeps the script until it restarts. */
export async function runPublishScript(client: Redis, call: PublishCall): Promise<PublishResult> {
  const { script, streamKey, seenKey, fields } = call;
  const keys = seenKey === undefined ? [streamKey] : [streamKey, seenKey];
  let result: unknown;
  try {
    result = await client.evalsha(script.sha, keys.length, ...keys, ...fields);
  } catch (error) {
    // Redis forgets scripts when it restarts.
    if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error;
    result = await client.eval(script.text, keys.length, ...keys, ...fields);
  }
  return result === "duplicate" || result === "full" ? result : "accepted";
}
