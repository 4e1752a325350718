import type { CacheControl as AdapterControl } from '@cachetastic/core/adapter';

/** What {@link CacheControl.invalidate} invalidates. */
export interface Invalidation {
  /** Every cached result that depends on one of these models, by Prisma's name for them. */
  readonly models?: readonly string[] | undefined;
  /** Every cached result that carries one of these labels. */
  readonly tags?: readonly string[] | undefined;
  /** Every cached result of the namespace. */
  readonly everything?: boolean | undefined;
}

/** `db.$cache`: the cache of a client. */
export interface CacheControl extends AdapterControl<Invalidation> {}
