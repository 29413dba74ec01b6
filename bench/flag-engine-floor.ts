import type { Context } from "./flag-engine-rules.ts";

/** What a flag would cost if somebody wrote it by hand, with the same checks of what comes in. */
export type Written = (context: Context) => Answer;

export interface Answer {
  readonly value: boolean;
  readonly variant: string;
  readonly reason: string;
}

const on: Answer = { value: true, variant: "on", reason: "TARGETING_MATCH" };
const off: Answer = { value: false, variant: "off", reason: "TARGETING_MATCH" };
const standard: Answer = { value: false, variant: "off", reason: "STATIC" };

/** The functions by kind of rule. They are called through this table, so that none of them is inlined. */
export const floor: ReadonlyMap<string, Written> = new Map<string, Written>([
  ["static", () => standard],
  ["simple", ({ plan }) => (plan === "pro" ? on : off)],
  [
    "nested",
    ({ region, age, plan }) => {
      if ((region === "eu" || region === "us") && Number(age) >= 18 && plan !== "free") return on;
      return region === "apac" ? on : off;
    },
  ],
  ["semVer", ({ version }) => (typeof version === "string" && atLeast(version, 1, 4) ? on : off)],
  [
    "fractional",
    ({ targetingKey }) => {
      if (typeof targetingKey !== "string") return off;
      return Math.floor((murmur3(`fractional${targetingKey}`) * 100) / 2 ** 32) < 25 ? on : off;
    },
  ],
  [
    "ref",
    ({ email, plan }) =>
      (typeof email === "string" && email.includes("@beta.example")) || plan === "team" || plan === "enterprise"
        ? on
        : off,
  ],
]);

/** MAJOR.MINOR.PATCH only. */
function atLeast(version: string, wantedMajor: number, wantedMinor: number): boolean {
  const match = /^(\d+)\.(\d+)\.(\d+)$/.exec(version);
  if (match === null) return false;
  const [, major = "0", minor = "0"] = match;
  return Number(major) > wantedMajor || (Number(major) === wantedMajor && Number(minor) >= wantedMinor);
}

/** MurmurHash3 x86 32-bit of ASCII text, as any library has it. */
function murmur3(text: string): number {
  let hash = 0;
  let i = 0;
  for (; i + 4 <= text.length; i += 4) {
    const block =
      text.charCodeAt(i) |
      (text.charCodeAt(i + 1) << 8) |
      (text.charCodeAt(i + 2) << 16) |
      (text.charCodeAt(i + 3) << 24);
    hash ^= scramble(block);
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let shift = 0; i < text.length; i++, shift += 8) tail |= text.charCodeAt(i) << shift;
  hash ^= scramble(tail) ^ text.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function scramble(block: number): number {
  const k = Math.imul(block, 0xcc9e2d51);
  return Math.imul((k << 15) | (k >>> 17), 0x1b873593);
}
