import { defineConfig } from "vitest/config";

// The tests mostly wait for real servers and processes: more files at once than there are cores.
export default defineConfig({ test: { maxWorkers: 4, testTimeout: 30_000, hookTimeout: 30_000 } });
