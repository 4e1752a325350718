import { drizzle } from 'drizzle-orm/neon-http';
import { tokens } from './suites/tokens.js';
import { generation0 } from './support/generation-0.js';
import { schemaOf } from './support/relational-schema.js';

tokens(generation0, (client) => Reflect.apply(drizzle, undefined, [client, { schema: schemaOf(generation0.blog) }]));
