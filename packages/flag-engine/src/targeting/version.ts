/** A version as Go's golang.org/x/mod/semver reads it. Numbers stay text: they may be longer than a number can hold. */
export interface Version {
  readonly major: string;
  readonly minor: string;
  readonly patch: string;
  /** Empty for a release. */
  readonly prerelease: readonly string[];
}

const number = "(0|[1-9]\\d*)";
const identifiers = "[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*";
const pattern = new RegExp(
  `^[vV]?${number}(?:\\.${number}(?:\\.${number}(?:-(${identifiers}))?(?:\\+${identifiers})?)?)?$`,
);

/** Reads MAJOR, MAJOR.MINOR or a full version with pre-release and build, `v` in front or not; undefined otherwise. */
export function parseVersion(text: string): Version | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, major = "0", minor = "0", patch = "0", prereleaseText] = match;
  const prerelease = prereleaseText === undefined ? [] : prereleaseText.split(".");
  if (prerelease.some((part) => part.length > 1 && part.startsWith("0") && isNumeric(part))) return undefined;
  return { major, minor, patch, prerelease };
}

/** Two parts of this many values each, and a third, fit one number exactly. */
const partLimit = 100_000;

/**
 * A plain MAJOR.MINOR.PATCH with small parts as one number that orders as the versions do; undefined for every other text, which
 * may be a version all the same. Nothing is allocated.
 */
export function packVersion(text: string): number | undefined {
  let packed = 0;
  let part = 0;
  let digits = 0;
  let dots = 0;
  for (let i = text.charCodeAt(0) === 118 ? 1 : 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 46) {
      if (digits === 0 || dots === 2) return undefined;
      packed = packed * partLimit + part;
      part = 0;
      digits = 0;
      dots++;
    } else {
      // A leading zero, or what is neither a digit nor a dot, is for the full parser.
      if (unit < 48 || unit > 57 || digits === 5 || (digits === 1 && part === 0)) return undefined;
      part = part * 10 + unit - 48;
      digits++;
    }
  }
  return dots === 2 && digits > 0 ? packed * partLimit + part : undefined;
}

/** Negative, zero or positive, by the precedence rules of SemVer 2; build metadata does not count. */
export function compareVersions(a: Version, b: Version): number {
  return (
    compareNumeric(a.major, b.major) ||
    compareNumeric(a.minor, b.minor) ||
    compareNumeric(a.patch, b.patch) ||
    comparePrerelease(a.prerelease, b.prerelease)
  );
}

function comparePrerelease(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const order = compareIdentifiers(a[i] ?? "", b[i] ?? "");
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareIdentifiers(a: string, b: string): number {
  const numericA = isNumeric(a);
  const numericB = isNumeric(b);
  if (numericA !== numericB) return numericA ? -1 : 1;
  return numericA ? compareNumeric(a, b) : compareText(a, b);
}

/** Numbers without leading zeros: the longer one is greater. */
function compareNumeric(a: string, b: string): number {
  return a.length - b.length || compareText(a, b);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function isNumeric(text: string): boolean {
  return /^\d+$/.test(text);
}
