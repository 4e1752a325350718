/* A program: `sweep.ts <url> <namespace>` removes what the example stored under `namespace`, and under names that begin with it. */
import { connect } from './redis.js';

const [url = '', namespace = ''] = process.argv.slice(2);
const redis = await connect(url);
for await (const keys of redis.scanStream({ match: `*ct:${namespace}[.:]*`, count: 1_000 })) {
  if (keys.length > 0) await redis.unlink(...keys);
}
await redis.quit();
