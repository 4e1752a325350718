import { races } from './suites/races.js';
import { generation0, generation0MySql, generation0SQLite } from './support/generation-0.js';

races(generation0);
races(generation0MySql);
races(generation0SQLite);
