import type { HookPayload } from "./payload.ts";
import { shellWords } from "./shell-words.ts";

/** A command to run for a canary. */
export interface Task {
  readonly type: TaskType;
  /** `name.namespace` */
  readonly canary: string;
  /** As the webhook wrote it. */
  readonly command: string;
  readonly program: string;
  readonly args: readonly string[];
  /** The answer waits for a task that does, and tells how it went. */
  readonly waits: boolean;
  readonly logsOutput: boolean;
  readonly returnsOutput: boolean;
}

interface TaskKind {
  readonly waits: boolean;
  readonly invocation: (command: string) => { program: string; args: readonly string[] } | { problem: string };
}

const words =
  (program: string): TaskKind["invocation"] =>
  (command) => {
    // Upstream splits at white space only, so that its own documented `--overrides='{ "spec": … }'` cannot work.
    const args = shellWords(command);
    return args === undefined ? { problem: `cmd has an open quote: ${command}` } : { program, args };
  };

/** Every value of `metadata.type`. */
const kinds = {
  cmd: { waits: false, invocation: (command) => ({ program: "sh", args: ["-c", command] }) },
  bash: { waits: true, invocation: (command) => ({ program: "bash", args: ["-c", command] }) },
  helm: { waits: true, invocation: words("helm") },
  helmv3: { waits: true, invocation: words("helm") },
  kubectl: { waits: true, invocation: words("kubectl") },
} satisfies Record<string, TaskKind>;
export type TaskType = keyof typeof kinds;

const taskTypes: readonly string[] = Object.keys(kinds).toSorted();

function isTaskType(type: string): type is TaskType {
  return Object.hasOwn(kinds, type);
}

/** The task that a payload's metadata asks for, or the text of the 400. */
export function taskFromPayload({ name, namespace, metadata }: HookPayload): { task: Task } | { problem: string } {
  if (Object.keys(metadata).length === 0) return { problem: "metadata not found in payload" };
  const type = metadata.type ?? "cmd";
  if (!isTaskType(type)) return { problem: `unknown task type ${type}, expected one of: ${taskTypes.join(", ")}` };
  const { cmd } = metadata;
  if (cmd === undefined && type === "cmd") return { problem: "cmd not found in metadata" };
  const command = cmd ?? "";
  const kind: TaskKind = kinds[type];
  const invocation = kind.invocation(command);
  if ("problem" in invocation) return invocation;
  return {
    task: {
      type,
      canary: `${name}.${namespace}`,
      command: type === "cmd" || type === "bash" ? command : `${invocation.program} ${command}`,
      ...invocation,
      waits: kind.waits,
      logsOutput: kind.waits || metadata.logCmdOutput === "true",
      returnsOutput: metadata.returnCmdOutput === "true",
    },
  };
}
