import { drizzle } from 'drizzle-orm/mysql-proxy';
import { mysqlProxy } from '../drizzle/suites/mysql-proxy.js';
import { generation1 } from './generation-1.js';

mysqlProxy(generation1, (callback) => drizzle(callback as never));
