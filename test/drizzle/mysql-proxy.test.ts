import { drizzle } from 'drizzle-orm/mysql-proxy';
import { mysqlProxy } from './suites/mysql-proxy.js';
import { generation0 } from './support/generation-0.js';

mysqlProxy(generation0, (callback) => drizzle(callback as never));
