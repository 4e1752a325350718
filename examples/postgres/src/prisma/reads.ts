import type { Reads } from '../shop.js';
import type { Client } from './client.js';

/** A read asks for the cache by its argument `cache`. */
export function readsOf(db: Client): Reads {
  return {
    productPage: (id, cache) =>
      db.product.findUnique({
        where: { id },
        include: {
          category: true,
          reviews: { orderBy: { id: 'desc' }, take: 5, include: { customer: { select: { name: true } } } },
          _count: { select: { reviews: true } },
        },
        cache,
      }),

    ratingOf: (productId, cache) =>
      db.review.aggregate({ where: { productId }, _avg: { stars: true }, _count: { _all: true }, cache }),

    cheapestIn: (slug, cache) =>
      db.product.findMany({
        where: { active: true, category: { slug } },
        orderBy: [{ price: 'asc' }, { id: 'asc' }],
        take: 20,
        cache,
      }),

    customerByEmail: (email, cache) => db.customer.findUnique({ where: { email }, cache }),

    ordersOf: (customerId, cache) =>
      db.order.findMany({
        where: { customerId },
        orderBy: { id: 'desc' },
        include: { lines: { include: { product: { select: { name: true } } }, orderBy: { productId: 'asc' } } },
        cache,
      }),

    turnover: (cache) =>
      db.order.groupBy({
        by: ['status'],
        _sum: { total: true },
        _count: { _all: true },
        orderBy: { status: 'asc' },
        cache,
      }),

    openOrders: (cache) => db.order.count({ where: { status: 'OPEN' }, cache }),

    product: (id, cache) => db.product.findUnique({ where: { id }, cache }),
  };
}
