import { privateOf } from '../client/prisma-client.js';

/**
 * The fields that computed fields of `extension` need, as JSON; `undefined` if it has none.
 *
 * Prisma selects those columns although the arguments do not name them. So two clients whose computed fields differ, or two
 * versions of an application, may get other columns for the same arguments.
 */
export function needsOf(extension: unknown): string | undefined {
  const result = privateOf(extension, 'result');
  if (typeof result !== 'object' || result === null) return undefined;
  return JSON.stringify(
    sorted(result).map(([model, fields]) => [
      model,
      sorted(fields).map(([field, definition]) => [field, sorted(privateOf(definition, 'needs'))]),
    ]),
  );
}

/** The same for each extension of `client`, by its private list of them. */
export function needsOfClient(client: unknown): readonly string[] {
  const needs: string[] = [];
  let node = privateOf(client, '_extensions', 'head');
  while (node !== undefined && node !== null) {
    const needed = needsOf(privateOf(node, 'extension'));
    if (needed !== undefined) needs.push(needed);
    node = privateOf(node, 'previous');
  }
  return needs;
}

function sorted(value: unknown): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
}
