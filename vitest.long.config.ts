import { defineConfig, mergeConfig } from 'vitest/config';
import base, { LONG } from './vitest.config.js';

/** The long tests: `npm run test:long`. */
const config = mergeConfig(base, defineConfig({}));
config.test = { ...config.test, include: [LONG], exclude: base.test?.exclude?.filter((pattern) => pattern !== LONG) };

export default config;
