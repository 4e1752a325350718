import type { Opening } from '../contestants/index.js';
import type { Origin } from '../origin.js';
import type { CacheNode } from './cache-node.js';

/** What a node is told first. */
export interface Setup extends Opening {
  /** The contestant's name. */
  readonly contestant: string;
}

/** What one side asks of the other. */
export interface Request {
  readonly id: number;
  readonly task: 'open' | keyof CacheNode | keyof Origin;
  readonly input: unknown;
}

/** What it is answered. */
export type Reply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: string };

export type Message = { readonly request: Request } | { readonly reply: Reply };
