/** How a version of the shop behaves: the answer delay in milliseconds, and that one request in `failEvery` fails (0: none). */
export interface Behaviour {
  readonly delayMs: number;
  readonly failEvery: number;
}

const behaviours: Record<string, Behaviour> = {
  v1: { delayMs: 0, failEvery: 0 },
  v2: { delayMs: 0, failEvery: 0 },
  v3: { delayMs: 0, failEvery: 2 },
  v4: { delayMs: 700, failEvery: 0 },
};

/** Throws for a version that the shop does not have. */
export function behaviourOf(version: string): Behaviour {
  const behaviour = behaviours[version];
  if (!behaviour)
    throw new Error(`SHOP_VERSION is "${version}", expected one of: ${Object.keys(behaviours).join(", ")}`);
  return behaviour;
}
