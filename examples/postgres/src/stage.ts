import type { Database } from './database/database.js';
import type { SharedRedis } from './redis/redis.js';
import { openShop, type Shop, type ShopOptions } from './shop.js';

/** What every chapter is given. */
export class Stage {
  readonly database: Database;
  readonly redis: SharedRedis | undefined;
  readonly namespace: string;
  /** The shop as an application would have it: one client, used throughout. */
  readonly shop: Shop;

  constructor(database: Database, redis: SharedRedis | undefined, namespace: string) {
    this.database = database;
    this.redis = redis;
    this.namespace = namespace;
    this.shop = this.open();
  }

  /** Another client of the same shop, as another process would have one. Whoever opens it closes it. */
  open(options: Partial<ShopOptions> = {}): Shop {
    return openShop({
      adapter: this.database.adapter(),
      redis: this.redis?.url,
      namespace: this.namespace,
      ...options,
    });
  }

  async close(): Promise<void> {
    await this.shop.$disconnect();
    await this.redis?.close();
    await this.database.close();
  }
}
