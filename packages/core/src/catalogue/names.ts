/** The names in `text`, split at white space. */
export const names = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));
