import { defineConfig } from "vitest/config";

// A whole rollout takes about a second; the rest is patience on a busy machine.
export default defineConfig({ test: { testTimeout: 30_000, hookTimeout: 30_000 } });
