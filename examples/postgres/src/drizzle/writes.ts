import { eq, sql } from 'drizzle-orm';
import { ChangedMyMind, ignoreChangedMind, type Writes } from '../shop.js';
import type { Database } from './database.js';
import { customers, orderLines, orders, products } from './schema.js';

/** Writes say nothing of the cache. */
export function writesOf(db: Database): Writes {
  return {
    setPrice: (id, price) =>
      db
        .update(products)
        .set({ price: price.toFixed(2) })
        .where(eq(products.id, id)),

    setStock: (id, stock) => db.update(products).set({ stock }).where(eq(products.id, id)),

    order: (customerId, productId) =>
      db.transaction(async (tx) => {
        const [order] = await tx.insert(orders).values({ total: '35.00', customerId }).returning({ id: orders.id });
        if (order === undefined) return tx.rollback();
        await tx.insert(orderLines).values({ orderId: order.id, productId, quantity: 2, price: '17.50' });
        return order;
      }),

    rename: (id, name) => db.update(customers).set({ name }).where(eq(customers.id, id)),

    deleteCustomer: (id) => db.delete(customers).where(eq(customers.id, id)),

    changeMyMind: (id) =>
      db
        .transaction(async (tx) => {
          await tx.update(products).set({ price: '1.00' }).where(eq(products.id, id));
          await tx.update(orders).set({ status: 'PAID' }).where(eq(orders.status, 'OPEN'));
          throw new ChangedMyMind();
        })
        .catch(ignoreChangedMind),

    sellOne: (id) => db.execute(sql`UPDATE products SET stock = stock - 1 WHERE id = ${id}`),
  };
}
