/**
 * The path of `culprit` in `root` for an error message: `where.name[3]`, or `the top` for `root` itself.
 *
 * Compares by identity and returns the first place found, at most `maxDepth` deep.
 */
export function pathTo(culprit: unknown, root: unknown, maxDepth: number): string {
  const seen = new Set<object>();

  function search(value: unknown, path: string, depth: number): string | undefined {
    if (Object.is(value, culprit)) return path;
    if (typeof value !== 'object' || value === null || seen.has(value) || depth > maxDepth) return undefined;
    seen.add(value);
    for (const [key, child] of Object.entries(value)) {
      const found = search(child, step(path, key, Array.isArray(value)), depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  const path = search(root, '', 0);
  if (path === undefined) return 'an unknown place';
  return path === '' ? 'the top' : path;
}

function step(path: string, key: string, inArray: boolean): string {
  if (inArray) return `${path}[${key}]`;
  if (!/^[\w$]{1,64}$/.test(key)) return `${path}[${JSON.stringify(key.slice(0, 64))}]`;
  return path === '' ? key : `${path}.${key}`;
}
