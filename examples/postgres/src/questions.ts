import type { Shop } from './shop.js';

/** A read by its name, whichever ORM asks it. With `cache: false` the database answers. */
export interface Question {
  readonly name: string;
  ask(shop: Shop, cache: boolean): PromiseLike<unknown>;
}

export const productPage = (id: number): Question => ({
  name: `product ${id} with reviews`,
  ask: ({ reads }, cache) => reads.productPage(id, cache),
});

export const ratingOf = (productId: number): Question => ({
  name: `rating of product ${productId}`,
  ask: ({ reads }, cache) => reads.ratingOf(productId, cache),
});

export const cheapestIn = (category: string): Question => ({
  name: `cheapest ${category}`,
  ask: ({ reads }, cache) => reads.cheapestIn(category, cache),
});

export const customerByEmail = (email: string): Question => ({
  name: email.replace(/@.*/, '@…'),
  ask: ({ reads }, cache) => reads.customerByEmail(email, cache),
});

export const ordersOf = (customerId: number): Question => ({
  name: `orders of customer ${customerId}`,
  ask: ({ reads }, cache) => reads.ordersOf(customerId, cache),
});

export const turnover: Question = {
  name: 'turnover by status',
  ask: ({ reads }, cache) => reads.turnover(cache),
};

export const openOrders: Question = {
  name: 'open orders',
  ask: ({ reads }, cache) => reads.openOrders(cache),
};
