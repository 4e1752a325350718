import { WORLDS as WORLDS_OF_1 } from '../drizzle-1/differential.js';
import { differential } from './differential.js';
import { WORLDS } from './drizzle/generation-0.js';
import { withoutRedis } from './world.js';

const alone = [...WORLDS.slice(0, 1), ...WORLDS_OF_1.slice(0, 1)].map(withoutRedis);

differential([...WORLDS, ...WORLDS_OF_1, ...alone]);
