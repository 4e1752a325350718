/** The driver adapter that belongs to this folder's Prisma. */
export { PrismaPg } from '@prisma/adapter-pg';
