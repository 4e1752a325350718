import { WORLDS as WORLDS_OF_1 } from '../drizzle-1/differential.js';
import { differential } from './differential.js';
import { WORLDS } from './drizzle/generation-0.js';

differential([...WORLDS, ...WORLDS_OF_1]);
