import { wordAt } from '../tokens/navigation.js';
import type { SqlToken } from '../tokens/tokenizer.js';

/** What can change how a function, a trigger, a rule or a foreign key acts on what is read and written. */
const DEFINED =
  /^(aggregate|cast|domain|event|extension|foreign|function|language|operator|package|procedure|routine|rule|schema|table|trigger|type)$/;
/** After `create` there may be more words: `or replace definer = …`. */
const MOST_WORDS = 12;

/** Whether the statement in `tokens` creates, changes or drops something that the catalogue lists. */
export function redefines(tokens: readonly SqlToken[]): boolean {
  const verb = wordAt(tokens, 0);
  if (verb === 'import' || verb === 'rename') return true;
  // A block of statements may define something, also in a string that it executes.
  if (verb === 'do') return tokens.some(({ kind, text }) => kind === 'string' && /\b(create|alter|drop)\b/i.test(text));
  if (!/^(create|alter|drop)$/.test(verb)) return false;
  const words = tokens.slice(1, MOST_WORDS).map(({ kind, text }) => (kind === 'word' ? text : ''));
  const defined = words.findIndex((word) => DEFINED.test(word));
  return defined >= 0 && !words.slice(0, defined).some((word) => /^temp(orary)?$/.test(word));
}

/** Whether the statement in `tokens` may change in which schemas its session looks for names. */
export function changesPath(tokens: readonly SqlToken[]): boolean {
  const [verb, second] = [wordAt(tokens, 0), wordAt(tokens, 1)];
  if (verb === 'use') return true;
  if (verb === 'set' && /^(role|session|local)$/.test(second)) {
    if (tokens.some((_, at) => /^(role|authorization)$/.test(wordAt(tokens, at)))) return true;
  }
  if ((verb === 'reset' || verb === 'discard') && (second === 'all' || second === 'role')) return true;
  return verb !== 'show' && tokens.some(({ text }) => text.toLowerCase() === 'search_path');
}
