import type { Reach } from './database/database.js';
import type { Shop, ShopOptions } from './shop.js';

/** One ORM, and the shop in its words. */
export interface Orm {
  readonly name: 'Prisma' | 'Drizzle';
  /** How a read asks for the cache, and how not. */
  readonly asking: string;
  /** Who counted the statements of a stampede, and what else is to be known of them. */
  readonly counting: readonly string[];
  open(reach: Reach, options: ShopOptions): Shop;
}
