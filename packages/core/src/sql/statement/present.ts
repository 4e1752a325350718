/** `subsec` is the present of SQLite's alone. */
const PRESENT = /(?<![a-z])(?:now|today|tomorrow|yesterday|subsec(?:ond)?)(?![a-z])/gi;

/** A time may have the name of a day, of a month and of a zone beside it. More words are prose. */
const MORE_WORDS = /^[^a-z]*(?:[a-z]+[^a-z]+){3}[a-z]/i;
/** A time is shorter: of longer strings the beginning shows whether they are prose. */
const LONGEST_TIME = 1_000;

/**
 * Whether databases may take `text` for a time that is relative to the present: `now`, `today 12:00`, `UTC tomorrow`,
 * `[now,infinity)`.
 */
export function meansPresent(text: string): boolean {
  const others = text.replace(PRESENT, ' ');
  if (others === text) return false;
  return /^\s*[{[(]/.test(text) || !MORE_WORDS.test(others.slice(0, LONGEST_TIME));
}
