// The entry for CommonJS: the same types, and `$withCache` on the classes that CommonJS sees of Drizzle.
import './with-cache.cjs';

export * from '../dist/index.js';
