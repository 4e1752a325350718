import { ChangedMyMind, ignoreChangedMind, type Writes } from '../shop.js';
import type { Client } from './client.js';

/** Writes say nothing of the cache. */
export function writesOf(db: Client): Writes {
  return {
    setPrice: (id, price) => db.product.update({ where: { id }, data: { price } }),

    setStock: (id, stock) => db.product.update({ where: { id }, data: { stock } }),

    order: (id, productId) =>
      db.customer.update({
        where: { id },
        data: { orders: { create: { total: 35, lines: { create: { productId, quantity: 2, price: 17.5 } } } } },
      }),

    rename: (id, name) => db.customer.update({ where: { id }, data: { name } }),

    deleteCustomer: (id) => db.customer.delete({ where: { id } }),

    changeMyMind: (id) =>
      db
        .$transaction(async (tx) => {
          await tx.product.update({ where: { id }, data: { price: 1 } });
          await tx.order.updateMany({ where: { status: 'OPEN' }, data: { status: 'PAID' } });
          throw new ChangedMyMind();
        })
        .catch(ignoreChangedMind),

    sellOne: (id) => db.$executeRaw`UPDATE products SET stock = stock - 1 WHERE id = ${id}`,
  };
}
