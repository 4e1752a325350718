import { relations } from 'drizzle-orm';
import {
  boolean,
  char,
  integer,
  numeric,
  pgEnum,
  pgTable,
  primaryKey,
  serial,
  smallint,
  text,
  timestamp,
} from 'drizzle-orm/pg-core';

/*
 * A shop. The tables themselves are made by sql/tables.sql and sql/keys.sql. What the database does with rows that refer
 * to a deleted one stands here as well: from that the cache knows what a delete changes.
 */

export const orderStatus = pgEnum('order_status', ['OPEN', 'PAID', 'SHIPPED', 'RETURNED']);

export const categories = pgTable('categories', {
  id: serial('id').primaryKey(),
  slug: text('slug').notNull().unique(),
  name: text('name').notNull(),
});

export const products = pgTable('products', {
  id: serial('id').primaryKey(),
  sku: text('sku').notNull().unique(),
  name: text('name').notNull(),
  price: numeric('price', { precision: 10, scale: 2 }).notNull(),
  stock: integer('stock').notNull(),
  active: boolean('active').notNull().default(true),
  categoryId: integer('category_id')
    .notNull()
    .references(() => categories.id, { onDelete: 'restrict', onUpdate: 'cascade' }),
});

export const customers = pgTable('customers', {
  id: serial('id').primaryKey(),
  email: text('email').notNull().unique(),
  name: text('name').notNull(),
  country: char('country', { length: 2 }).notNull(),
});

export const orders = pgTable('orders', {
  id: serial('id').primaryKey(),
  status: orderStatus('status').notNull().default('OPEN'),
  total: numeric('total', { precision: 10, scale: 2 }).notNull(),
  placedAt: timestamp('placed_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  customerId: integer('customer_id')
    .notNull()
    .references(() => customers.id, { onDelete: 'cascade', onUpdate: 'cascade' }),
});

export const orderLines = pgTable(
  'order_lines',
  {
    orderId: integer('order_id')
      .notNull()
      .references(() => orders.id, { onDelete: 'cascade', onUpdate: 'cascade' }),
    productId: integer('product_id')
      .notNull()
      .references(() => products.id, { onDelete: 'restrict', onUpdate: 'cascade' }),
    quantity: integer('quantity').notNull(),
    price: numeric('price', { precision: 10, scale: 2 }).notNull(),
  },
  ({ orderId, productId }) => [primaryKey({ columns: [orderId, productId] })],
);

export const reviews = pgTable('reviews', {
  id: serial('id').primaryKey(),
  stars: smallint('stars').notNull(),
  text: text('text').notNull(),
  writtenAt: timestamp('written_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  productId: integer('product_id')
    .notNull()
    .references(() => products.id, { onDelete: 'cascade', onUpdate: 'cascade' }),
  customerId: integer('customer_id')
    .notNull()
    .references(() => customers.id, { onDelete: 'cascade', onUpdate: 'cascade' }),
});

export const productRelations = relations(products, ({ one, many }) => ({
  category: one(categories, { fields: [products.categoryId], references: [categories.id] }),
  reviews: many(reviews),
}));

export const orderRelations = relations(orders, ({ many }) => ({ lines: many(orderLines) }));

export const orderLineRelations = relations(orderLines, ({ one }) => ({
  order: one(orders, { fields: [orderLines.orderId], references: [orders.id] }),
  product: one(products, { fields: [orderLines.productId], references: [products.id] }),
}));

export const reviewRelations = relations(reviews, ({ one }) => ({
  product: one(products, { fields: [reviews.productId], references: [products.id] }),
  customer: one(customers, { fields: [reviews.customerId], references: [customers.id] }),
}));
