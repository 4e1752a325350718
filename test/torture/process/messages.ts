import type { Load, Mode } from '../settings.js';

/** What a process opens. */
export interface Setup {
  readonly life: number;
  readonly seed: number;
  readonly mode: Mode;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly namespace: string;
  /** The file that it notes its history in. */
  readonly journal: string;
}

export type Request =
  | { readonly id: number; readonly task: 'open'; readonly setup: Setup }
  | { readonly id: number; readonly task: 'start'; readonly load: Load }
  /** Ends the load. Answered when nothing is under way. */
  | { readonly id: number; readonly task: 'stop' }
  /** From now on the process kills itself as soon as the database has answered such a statement. */
  | { readonly id: number; readonly task: 'die-after'; readonly statement: string }
  | { readonly id: number; readonly task: 'close' };

export interface Reply {
  readonly id: number;
  readonly error?: string;
}
