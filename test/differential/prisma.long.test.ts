import { differential } from './differential.js';
import { WORLDS } from './prisma/worlds.js';
import { withoutRedis } from './world.js';

differential([...WORLDS, ...WORLDS.slice(0, 1).map(withoutRedis)]);
