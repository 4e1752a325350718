import { drizzle } from 'drizzle-orm/neon-http';
import { tokens } from './suites/tokens.js';
import { generation0, schemaOf } from './support/generation-0.js';

tokens(generation0, (client) => Reflect.apply(drizzle, undefined, [client, { schema: schemaOf(generation0.blog) }]));
