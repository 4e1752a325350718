/** The names in `text`, which white space keeps apart. */
export const names = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));
