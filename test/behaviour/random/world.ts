import type { AnyCachedClient, AnyClient } from './perform.js';
import type { Statements } from './raw-writes.js';
import type { Shape } from './shape.js';

/** A schema to play in. */
export interface World {
  readonly name: string;
  readonly shape: Shape;
  /** Raw SQL that writes. */
  readonly statements: Statements;
  /** SQL that makes the tables. */
  readonly tables: string;
  /** SQL that empties them and puts the first rows in. */
  readonly rows: string;
  open(url: string): Clients;
}

/** What {@link World.open} opens. */
export interface Clients {
  /** Without the extension: what the database says. */
  readonly plain: AnyClient;
  readonly cached: AnyCachedClient;
  textOf(value: unknown): string;
  close(): Promise<void>;
}
