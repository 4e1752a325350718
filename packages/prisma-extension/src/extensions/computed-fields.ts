import { privateOf } from '../client/prisma-client.js';

/**
 * What the computed fields of `extension` need, as text; `undefined` if it has none.
 *
 * Prisma asks the database for those columns although the arguments do not name them. So two clients whose computed fields
 * differ, or two versions of an application, may get other columns for the same arguments.
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

/** What the computed fields of `client` need, by the private list of its extensions. */
export function needsOfClient(client: unknown): readonly string[] {
  const needs: string[] = [];
  let node = privateOf(client, '_extensions', 'head');
  while (node !== undefined && node !== null) {
    const found = needsOf(privateOf(node, 'extension'));
    if (found !== undefined) needs.push(found);
    node = privateOf(node, 'previous');
  }
  return needs;
}

function sorted(given: unknown): [string, unknown][] {
  if (typeof given !== 'object' || given === null) return [];
  return Object.entries(given).sort(([one], [other]) => (one < other ? -1 : 1));
}
