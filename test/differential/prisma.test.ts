import { differential } from './differential.js';
import { WORLDS } from './prisma/worlds.js';

differential(WORLDS);
