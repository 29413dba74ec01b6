import type { Value } from "./syntax.ts";
import { toText, typeName } from "./values.ts";

/** Go's `fmt.Sprintf` for the values that templates have: verbs s v d f e g x q t c with flags, width and precision. */
export function sprintf(format: string, args: readonly Value[]): string {
  let next = 0;
  const text = format.replaceAll(
    /%([-+ 0#]*)(\d*)(?:\.(\d*))?([a-zA-Z%])/g,
    (_all, flags: string, width: string, precision: string | undefined, verb: string) => {
      if (verb === "%") return "%";
      if (next >= args.length) return `%!${verb}(MISSING)`;
      const value = args[next++] ?? null;
      const shown = formatVerb(value, verb, precision === undefined ? undefined : Number(precision || "0"));
      return pad(shown, { flags, width: Number(width || "0"), numeric: typeof value !== "string" });
    },
  );
  if (next >= args.length) return text;
  const extra = args.slice(next).map((value) => `${typeName(value)}=${toText(value)}`);
  return `${text}%!(EXTRA ${extra.join(", ")})`;
}

function formatVerb(value: Value, verb: string, precision: number | undefined): string {
  if (verb === "v") return toText(value);
  if (typeof value === "string") return formatString(value, verb, precision);
  if (typeof value === "bigint") return formatInteger(value, verb);
  if (typeof value === "number") return formatNumber(value, verb, precision);
  if (typeof value === "boolean" && verb === "t") return String(value);
  return mismatch(value, verb);
}

function formatString(value: string, verb: string, precision: number | undefined): string {
  switch (verb) {
    case "s":
      return precision === undefined ? value : [...value].slice(0, precision).join("");
    case "q":
      return JSON.stringify(value);
    case "x":
      return [...new TextEncoder().encode(value)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    default:
      return mismatch(value, verb);
  }
}

function formatInteger(value: bigint, verb: string): string {
  switch (verb) {
    case "d":
      return String(value);
    case "x":
      return value.toString(16);
    case "o":
      return value.toString(8);
    case "b":
      return value.toString(2);
    case "c":
      return String.fromCodePoint(Number(value));
    default:
      return mismatch(value, verb);
  }
}

function formatNumber(value: number, verb: string, precision: number | undefined): string {
  switch (verb) {
    case "f":
      return value.toFixed(precision ?? 6);
    case "e":
      return value.toExponential(precision ?? 6).replace(/e([+-])(\d)$/, "e$10$2");
    case "g":
      return precision === undefined ? toText(value) : String(Number(value.toPrecision(Math.max(1, precision))));
    default:
      return mismatch(value, verb);
  }
}

function mismatch(value: Value, verb: string): string {
  return `%!${verb}(${typeName(value)}=${toText(value)})`;
}

function pad(text: string, o: { flags: string; width: number; numeric: boolean }): string {
  const signed = o.numeric && o.flags.includes("+") && /^\d/.test(text) ? `+${text}` : text;
  if (o.flags.includes("-")) return signed.padEnd(o.width);
  if (!o.flags.includes("0") || !o.numeric) return signed.padStart(o.width);
  const sign = /^[+-]/.exec(signed)?.[0] ?? "";
  return sign + signed.slice(sign.length).padStart(o.width - sign.length, "0");
}
