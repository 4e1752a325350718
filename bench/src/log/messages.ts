import type { Tasks } from './tasks.js';

/** What a worker is asked, by message. */
export interface Request {
  readonly id: number;
  readonly task: keyof Tasks;
  readonly input: unknown;
}

/** What it answers. */
export type Reply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: string };
