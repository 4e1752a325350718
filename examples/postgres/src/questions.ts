import type { Shop } from './shop.js';

/** A read that the shop's pages need. With `cache: false` the database answers. */
export interface Question {
  readonly name: string;
  ask(shop: Shop, cache: boolean): Promise<unknown>;
}

/** Everything on the page of a product: two levels of relations, and a count. */
export const productPage = (id: number): Question => ({
  name: `product ${id} with reviews`,
  ask: (shop, cache) =>
    shop.product.findUnique({
      where: { id },
      include: {
        category: true,
        reviews: { orderBy: { id: 'desc' }, take: 5, include: { customer: { select: { name: true } } } },
        _count: { select: { reviews: true } },
      },
      cache,
    }),
});

export const ratingOf = (productId: number): Question => ({
  name: `rating of product ${productId}`,
  ask: (shop, cache) =>
    shop.review.aggregate({ where: { productId }, _avg: { stars: true }, _count: { _all: true }, cache }),
});

/** Filtered by a column of another table, sorted, and cut. */
export const cheapestIn = (slug: string): Question => ({
  name: `cheapest ${slug}`,
  ask: (shop, cache) =>
    shop.product.findMany({
      where: { active: true, category: { slug } },
      orderBy: [{ price: 'asc' }, { id: 'asc' }],
      take: 20,
      cache,
    }),
});

export const customerByEmail = (email: string): Question => ({
  name: email.replace(/@.*/, '@…'),
  ask: (shop, cache) => shop.customer.findUnique({ where: { email }, cache }),
});

export const ordersOf = (customerId: number): Question => ({
  name: `orders of customer ${customerId}`,
  ask: (shop, cache) =>
    shop.order.findMany({
      where: { customerId },
      orderBy: { id: 'desc' },
      include: { lines: { include: { product: { select: { name: true } } }, orderBy: { productId: 'asc' } } },
      cache,
    }),
});

export const turnover: Question = {
  name: 'turnover by status',
  ask: (shop, cache) =>
    shop.order.groupBy({
      by: ['status'],
      _sum: { total: true },
      _count: { _all: true },
      orderBy: { status: 'asc' },
      cache,
    }),
};

export const openOrders: Question = {
  name: 'open orders',
  ask: (shop, cache) => shop.order.count({ where: { status: 'OPEN' }, cache }),
};
