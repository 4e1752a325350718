import type { Duration } from '@cachetastic/core';
import type { AdapterOptions, ModelDefaults } from '@cachetastic/core/adapter';

/** How one model is cached. */
export interface ModelOptions extends ModelDefaults {
  /** For a view: the models and join tables that it reads. A view without it is never cached. */
  readonly dependsOn?: readonly string[] | undefined;
  /** For a table with triggers: the models and join tables that they change. An empty list: only the written row itself. */
  readonly triggers?: readonly string[] | undefined;
}

/** What {@link cachetastic} takes. */
export interface CachetasticOptions extends AdapterOptions {
  /**
   * The longest time that the replicas of `@prisma/extension-read-replicas` are ever behind the primary. If it is given, they
   * may answer cached reads whose result no recent write may have changed; the promises stay the same.
   *
   * @defaultValue none: the primary answers every read that is cached
   */
  readonly replicaLag?: Duration | undefined;
  /** By model; for a join table only `triggers`. `false`: reads that reach it, through relations too, are never cached. */
  readonly models?: Readonly<Record<string, ModelOptions | false>> | undefined;
  /**
   * Functions of extensions, or of your own, that change nothing and depend only on their arguments. Raw SQL that calls
   * another one whose name the database does not declare harmless is not cached, and invalidates everything: it may write.
   */
  readonly functions?: readonly string[] | undefined;
  /**
   * Query extensions that are applied after this one and trusted by the cache, by name or by reference. They may add conditions
   * on columns of the models that a read names, or turn a delete into an update; results are kept apart from those of clients
   * without them. A name promises that all extensions of that name do the same, in every process. Results of one that is
   * given by reference are not shared between processes. `true`: all, each by reference.
   */
  readonly trustExtensions?: readonly (string | object)[] | true | undefined;
}
