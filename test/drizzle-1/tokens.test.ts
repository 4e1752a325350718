import { drizzle } from 'drizzle-orm/neon-http';
import { tokens } from '../drizzle/suites/tokens.js';
import { generation1 } from './generation-1.js';
import { relationsOf } from './relations.js';

const relations = relationsOf(generation1.blog);
tokens(generation1, (client) => Reflect.apply(drizzle, undefined, [{ client, relations }]));
