import { createHash } from 'node:crypto';
import type { RedisClient } from '../tier/redis-client.js';

/** Text in the error of a script that was not allowed to ask for the server's run id. */
export const INFO_REFUSED = 'CACHETASTIC-INFO-REFUSED';

/**
 * Begins every script. The epoch starts with the id of the server's run, so a restart, a promoted replica, a moved slot
 * and the loss of `v` each start a new one the first time that anybody touches the log.
 *
 * KEYS: `v` (`<epoch>:<head>`), `log` (a stream whose ids are `<seq>-0`). ARGV[1]: a text never used before.
 */
const ENSURE = `
local function restart(run, head)
  local epoch = run .. '-' .. ARGV[1]
  redis.call('DEL', KEYS[2])
  redis.call('SET', KEYS[1], epoch .. ':' .. head)
  return epoch
end
local info = redis.pcall('INFO', 'server')
if type(info) == 'table' then return redis.error_reply('${INFO_REFUSED} ' .. tostring(info.err)) end
local run = string.sub(string.match(info, 'run_id:(%x+)'), 1, 12)
local epoch, head = string.match(redis.call('GET', KEYS[1]) or '', '^([^:]+):(%d+)$')
head = tonumber(head or '0')
if not epoch or string.sub(epoch, 1, 12) ~= run then epoch = restart(run, head) end
`;

/**
 * ARGV: nonce, channel, length, record. Returns epoch, seq.
 *
 * Trimming comes first because Redis refuses for lack of memory only until a script's first write: so a full Redis
 * still takes records, which the length bounds. If the log cannot be written even so, it starts over: everything is
 * invalid rather than one invalidation lost.
 */
const APPEND = `${ENSURE}
local function put()
  head = head + 1
  redis.call('XTRIM', KEYS[2], 'MAXLEN', '~', ARGV[3])
  redis.call('XADD', KEYS[2], head .. '-0', 'd', ARGV[4])
  redis.call('SET', KEYS[1], epoch .. ':' .. head)
end
if not pcall(put) then
  redis.call('DEL', KEYS[1], KEYS[2])
  epoch = restart(run, head)
  put()
end
redis.call('PUBLISH', ARGV[2], epoch .. ' ' .. head .. '\\n' .. ARGV[4])
return {epoch, head}
`;

/**
 * ARGV: nonce, known epoch, known seq, most records. Returns epoch, head, 1 for a reset, the log's time, records.
 *
 * It deletes what never exists, which costs nothing and is refused wherever an append would be: a Redis that takes no
 * records (a demoted primary, too few replicas, a full disk) must confirm nothing either.
 */
const SYNC = `${ENSURE}
redis.call('DEL', KEYS[1] .. ':none')
local now = redis.call('TIME')
local time = now[1] * 1000 + math.floor(now[2] / 1000)
local since, most = tonumber(ARGV[3]), tonumber(ARGV[4])
if ARGV[2] ~= epoch or since > head then return {epoch, head, 1, time, {}} end
local records = {}
if since < head then
  local found = redis.pcall('XRANGE', KEYS[2], (since + 1) .. '-0', head .. '-0', 'COUNT', most)
  if found.err or #found < math.min(head - since, most) then return {epoch, head, 1, time, {}} end
  for i, x in ipairs(found) do
    if x[1] ~= (since + i) .. '-0' then return {epoch, head, 1, time, {}} end
    records[i] = x[2][2]
  end
end
return {epoch, head, 0, time, records}
`;

/** What a script is given besides its keys. */
export type ScriptArguments = readonly (string | number)[];

/** A Lua script that Redis keeps: sent by its digest, and whole where Redis does not have it. */
export class RedisScript {
  readonly #text: string;
  readonly #digest: string;

  constructor(text: string) {
    this.#text = text;
    this.#digest = createHash('sha1').update(text).digest('hex');
  }

  async run(client: RedisClient, keys: readonly string[], args: ScriptArguments): Promise<unknown> {
    try {
      return await client.evalsha(this.#digest, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return client.eval(this.#text, keys.length, ...keys, ...args);
    }
  }
}

export const appendScript: RedisScript = new RedisScript(APPEND);
export const syncScript: RedisScript = new RedisScript(SYNC);
