import { Redis } from 'ioredis';
import type { Service } from './service.js';

/** Says something to a Redis, on a connection for just that. */
export async function talkTo<Answer>({ url }: Service, say: (client: Redis) => Promise<Answer>): Promise<Answer> {
  const client = new Redis(url);
  try {
    return await say(client);
  } finally {
    client.disconnect();
  }
}
