/** A flag document with one flag for each reason and error. */
export const testFlags = {
  $schema: "https://flagd.dev/schema/v0/flags.json",
  metadata: { team: "shop" },
  flags: {
    banner: {
      state: "ENABLED",
      variants: { on: true, off: false },
      defaultVariant: "off",
      targeting: { if: [{ "==": [{ var: "releaseRole" }, "canary"] }, "on"] },
    },
    greeting: {
      state: "ENABLED",
      variants: { short: "hi", long: "hello" },
      defaultVariant: "long",
      metadata: { owner: "web" },
    },
    ratio: { state: "ENABLED", variants: { half: 0.5, big: 3.7 }, defaultVariant: "big" },
    theme: { state: "ENABLED", variants: { dark: { color: "#000", sizes: [1, 2] } }, defaultVariant: "dark" },
    split: {
      state: "ENABLED",
      variants: { a: "A", b: "B" },
      defaultVariant: "a",
      targeting: {
        fractional: [
          ["a", 50],
          ["b", 50],
        ],
      },
    },
    undecided: { state: "ENABLED", variants: { on: true, off: false } },
    resting: { state: "DISABLED", variants: { on: true, off: false }, defaultVariant: "on" },
    broken: { state: "ENABLED", variants: { on: true }, defaultVariant: "on", targeting: { nonsense: [1] } },
    lost: { state: "ENABLED", variants: { on: true }, defaultVariant: "on", targeting: { if: [true, "purple"] } },
  },
};

/** The document, {@link testFlags} if not told otherwise, with this default of `greeting`. */
export function greetingOf(variant: "short" | "long", document: typeof testFlags = testFlags): typeof testFlags {
  const greeting = { ...document.flags.greeting, defaultVariant: variant };
  return { ...document, flags: { ...document.flags, greeting } };
}
