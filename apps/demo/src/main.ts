import { start } from "@burgee/service-kit";
import { configSchema } from "./config.ts";
import { createDemo } from "./demo.ts";

await start({ name: "demo", schema: configSchema }, async (config, kit) => [createDemo(config, kit)]);
