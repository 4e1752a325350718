import type { ReadInfo } from '@cachetastic/core';
import type { Read } from '../behaviour/catalogue/reads.js';
import type { Blog } from './blog.js';

/** What one process answered, and where it had it from. */
export interface Answer {
  readonly name: string;
  readonly text: string;
  readonly status: ReadInfo['status'];
  readonly source: ReadInfo['source'];
  readonly key: string | undefined;
  readonly reason: string | undefined;
}

type Asked = Pick<Blog, 'anyDb' | 'textOf'>;

/** Asks `reads` of a caching client, one after the other. */
export async function askAll(blog: Asked, reads: readonly Read[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const read of reads) answers.push(await askOne(blog, read));
  return answers;
}

/**
 * Asks one read, cached for ten minutes.
 *
 * @param use - What the caller does with its result, after that was recorded.
 */
export async function askOne(
  { anyDb, textOf }: Asked,
  { name, models, ask }: Read,
  use?: (data: unknown) => void,
): Promise<Answer> {
  const cached = anyDb.$cached({ ttl: '10m', ...(models === undefined ? {} : { models }) });
  const { data, info } = await anyDb.$cache.explain(() => ask(cached));
  const text = textOf(data);
  use?.(data);
  const { status, source, key, reason } = info;
  return { name, text, status, source, key, reason };
}
