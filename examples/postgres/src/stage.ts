import type { Database } from './database/database.js';
import type { Orm } from './orm.js';
import type { SharedRedis } from './redis/redis.js';
import type { Shop, ShopOptions } from './shop.js';

/** What every chapter is given. */
export class Stage {
  readonly orm: Orm;
  readonly database: Database;
  readonly redis: SharedRedis | undefined;
  readonly namespace: string;
  /** The shop as an application would have it: one client, used throughout. */
  readonly shop: Shop;

  constructor(orm: Orm, database: Database, redis: SharedRedis | undefined, namespace: string) {
    this.orm = orm;
    this.database = database;
    this.redis = redis;
    this.namespace = namespace;
    this.shop = this.open();
  }

  /** Another client of the same shop, as another process would have one. Whoever opens it closes it. */
  open(options: Partial<ShopOptions> = {}): Shop {
    return this.orm.open(this.database, { redis: this.redis?.url, namespace: this.namespace, ...options });
  }

  async close(): Promise<void> {
    await this.shop.close();
  }
}
