/** Unicode's White_Space, which Go trims; JavaScript's own trim also takes U+FEFF and leaves U+0085. */
const blank = /^\p{White_Space}$/u;

/** Without the blanks at both ends. */
export function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && blank.test(text.charAt(start))) start++;
  while (end > start && blank.test(text.charAt(end - 1))) end--;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

/** Whether there is nothing but blanks in it. */
export function isBlank(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (!blank.test(text.charAt(i))) return false;
  return true;
}
