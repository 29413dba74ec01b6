import { type ConfigCheck, ConfigError, type OptionTable, type ValuesOf } from "./schema.ts";

/**
 * A rule about settings that each are right by themselves: `judge` throws ConfigError when they are not right together. Its problems
 * are shown with all the others. It must not do more than look.
 */
export function checkTogether<const T extends OptionTable>(
  options: T,
  judge: (values: ValuesOf<T>) => unknown,
): ConfigCheck {
  const keys = Object.keys(options);
  const holdsAll = (values: object): values is ValuesOf<T> => keys.every((key) => key in values);
  return {
    problems(read) {
      const values = Object.fromEntries(read);
      if (!holdsAll(values)) return [];
      try {
        judge(values);
        return [];
      } catch (error) {
        if (error instanceof ConfigError) return error.problems;
        throw error;
      }
    },
  };
}
