import { expect, test } from "vitest";
import { shellWords } from "./shell-words.ts";

const cases: Record<string, { text: string; words: string[] | undefined }> = {
  "white space separates": { text: " test  app\n--cleanup ", words: ["test", "app", "--cleanup"] },
  "quotes keep together, as in upstream's documented overrides": {
    text: `run x --overrides='{ "spec": { "a": 1 } }' -n test`,
    words: ["run", "x", '--overrides={ "spec": { "a": 1 } }', "-n", "test"],
  },
  "double quotes know the backslash": { text: 'a "b \\"c\\" $HOME"', words: ["a", 'b "c" $HOME'] },
  "an empty pair of quotes is a word": { text: "a '' b", words: ["a", "", "b"] },
  "nothing is nothing": { text: "", words: [] },
  "an open quote is no command": { text: "a 'b", words: undefined },
};
for (const [sentence, { text, words }] of Object.entries(cases)) {
  test(sentence, () => expect(shellWords(text)).toEqual(words));
}
