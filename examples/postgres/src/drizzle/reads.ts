import { and, asc, avg, count, desc, eq, getTableColumns, sql, sum } from 'drizzle-orm';
import type { Reads } from '../shop.js';
import type { Database } from './database.js';
import { categories, customers, orderLines, orders, products, reviews } from './schema.js';

/** A read asks for the cache by being asked of `$cached()`: every kind of query can. */
export function readsOf(db: Database): Reads {
  const from = (cache: boolean) => (cache ? db.$cached() : db);
  return {
    productPage: (id, cache) =>
      from(cache).query.products.findFirst({
        where: eq(products.id, id),
        with: {
          category: true,
          reviews: { orderBy: desc(reviews.id), limit: 5, with: { customer: { columns: { name: true } } } },
        },
        extras: (product) => ({
          reviewCount: sql<number>`(select count(*)::int from reviews where product_id = ${product.id})`.as(
            'review_count',
          ),
        }),
      }),

    ratingOf: (productId, cache) =>
      from(cache)
        .select({ stars: avg(reviews.stars), count: count() })
        .from(reviews)
        .where(eq(reviews.productId, productId)),

    cheapestIn: (slug, cache) =>
      from(cache)
        .select(getTableColumns(products))
        .from(products)
        .innerJoin(categories, eq(categories.id, products.categoryId))
        .where(and(eq(products.active, true), eq(categories.slug, slug)))
        .orderBy(asc(products.price), asc(products.id))
        .limit(20),

    customerByEmail: (email, cache) => from(cache).select().from(customers).where(eq(customers.email, email)),

    ordersOf: (customerId, cache) =>
      from(cache).query.orders.findMany({
        where: eq(orders.customerId, customerId),
        orderBy: desc(orders.id),
        with: { lines: { orderBy: asc(orderLines.productId), with: { product: { columns: { name: true } } } } },
      }),

    turnover: (cache) =>
      from(cache)
        .select({ status: orders.status, total: sum(orders.total), count: count() })
        .from(orders)
        .groupBy(orders.status)
        .orderBy(asc(orders.status)),

    openOrders: (cache) => from(cache).$count(orders, eq(orders.status, 'OPEN')),

    product: (id, cache) => from(cache).query.products.findFirst({ where: eq(products.id, id) }),
  };
}
