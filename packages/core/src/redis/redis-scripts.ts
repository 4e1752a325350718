import { createHash } from 'node:crypto';
import type { RedisClient } from './redis-client.js';

/** A string in the error of a script that may not query the server's run id. */
export const INFO_REFUSED = 'CACHETASTIC-INFO-REFUSED';

/**
 * Begins every script. The epoch starts with the id of the server's run, so a restart, a promoted replica, a moved slot
 * and the loss of `v` each start a new one the first time that a process uses the log. It ends with the server's time then.
 *
 * KEYS: `v` (`<epoch>:<head>`, with open intents `<epoch>:<head>:<how many>`), `log` (a stream whose ids are `<seq>-0`),
 * `due` (a sorted set: intents by when they run out), `open` (a hash: intent to `<milliseconds from lease to fence> <1 if expired> <changes>`).
 * ARGV: a string never used before, the log's length, the channel, the command that publishes to it.
 */
const ENSURE = `
local function clock()
  local now = redis.call('TIME')
  return now[1] * 1000 + math.floor(now[2] / 1000)
end
local function restart(run, head)
  local epoch = run .. '-' .. ARGV[1] .. '-' .. string.format('%.0f', clock())
  redis.call('DEL', KEYS[2], KEYS[3], KEYS[4])
  redis.call('SET', KEYS[1], epoch .. ':' .. head)
  return epoch, 0
end
local info = redis.pcall('INFO', 'server')
if type(info) == 'table' then return redis.error_reply('${INFO_REFUSED} ' .. tostring(info.err)) end
local run = string.sub(string.match(info, 'run_id:(%x+)'), 1, 12)
local epoch, head, open = string.match(redis.call('GET', KEYS[1]) or '', '^([^:]+):(%d+):?(%d*)$')
head = tonumber(head or '0')
open = tonumber(open) or 0
if not epoch or string.sub(epoch, 1, 12) ~= run then epoch, open = restart(run, head) end
local function save()
  redis.call('SET', KEYS[1], epoch .. ':' .. head .. (open > 0 and ':' .. open or ''))
end
local function put(text)
  head = head + 1
  redis.call('XTRIM', KEYS[2], 'MAXLEN', '~', ARGV[2])
  redis.call('XADD', KEYS[2], head .. '-0', 'd', text)
  save()
end
local function tell(text)
  local message = epoch .. ' ' .. head .. '\\n' .. text
  local reply = redis.pcall(ARGV[4], ARGV[3], message)
  if type(reply) == 'table' then redis.call('PUBLISH', ARGV[3], message) end
end
local function close(seq)
  redis.call('ZREM', KEYS[3], seq)
  open = open - redis.call('HDEL', KEYS[4], seq)
end
`;

/**
 * ARGV: …, changes, then of each intent that it closes its epoch and seq. Returns epoch, seq.
 *
 * Trimming comes first because Redis refuses for lack of memory only until a script's first write: so a full Redis
 * still takes records, which the length bounds. If the log cannot be written even so, it starts over: everything is
 * invalid rather than one invalidation lost.
 */
const APPEND = `${ENSURE}
local text = ARGV[5]
local closes = {}
for i = 6, #ARGV, 2 do
  if ARGV[i] == epoch then
    closes[#closes + 1] = ARGV[i + 1]
    close(ARGV[i + 1])
  end
end
if #closes > 0 then text = '{"closes":[' .. table.concat(closes, ',') .. '],"changes":' .. text .. '}' end
if not pcall(put, text) then
  redis.call('DEL', KEYS[1], KEYS[2], KEYS[3], KEYS[4])
  epoch, open = restart(run, head)
  put(text)
end
tell(text)
return {epoch, head}
`;

/** ARGV: …, changes, lease, milliseconds from lease to fence. Returns epoch, seq. */
const ANNOUNCE = `${ENSURE}
local text = '{"intent":true,"changes":' .. ARGV[5] .. '}'
open = open + 1
put(text)
redis.call('ZADD', KEYS[3], clock() + ARGV[6], head)
redis.call('HSET', KEYS[4], head, ARGV[7] .. ' 0 ' .. ARGV[5])
tell(text)
return {epoch, head}
`;

/**
 * ARGV: …, known epoch, known seq, most records. Returns epoch, head, 1 for a reset, the log's time, records, and with a
 * reset the open intents: seq, description, seq, …
 *
 * Intents that ran out get their records first. If some were lost (evicted, deleted), nothing can be trusted any more.
 *
 * It deletes what never exists, which costs nothing and is refused wherever an append would be: a Redis that takes no
 * records (a demoted primary, too few replicas, a full disk) must confirm nothing either.
 */
const SYNC = `${ENSURE}
redis.call('DEL', KEYS[1] .. ':none')
local time = clock()
local due = {}
if open > 0 then
  if redis.call('ZCARD', KEYS[3]) == open and redis.call('HLEN', KEYS[4]) == open then
    due = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', time, 'LIMIT', 0, 16)
  else
    epoch, open = restart(run, head)
  end
end
for _, seq in ipairs(due) do
  local rest, expired, changes = string.match(redis.call('HGET', KEYS[4], seq) or '', '^(%d+) (%d) (.*)$')
  if not rest then
    epoch, open = restart(run, head)
    break
  end
  local text
  if expired == '0' then
    text = '{"expires":' .. seq .. ',"changes":' .. changes .. '}'
    redis.call('ZADD', KEYS[3], time + rest, seq)
    redis.call('HSET', KEYS[4], seq, rest .. ' 1 ' .. changes)
  else
    text = '{"closes":[' .. seq .. '],"changes":' .. changes .. '}'
    close(seq)
  end
  put(text)
  tell(text)
end
local since, most = tonumber(ARGV[6]), tonumber(ARGV[7])
local function reset()
  return {epoch, head, 1, time, {}, open > 0 and redis.call('HGETALL', KEYS[4]) or {}}
end
if ARGV[5] ~= epoch or since > head then return reset() end
local records = {}
if since < head then
  local found = redis.pcall('XRANGE', KEYS[2], (since + 1) .. '-0', head .. '-0', 'COUNT', most)
  local whole = not found.err and #found >= math.min(head - since, most)
  for i, x in ipairs(whole and found or {}) do
    if x[1] ~= (since + i) .. '-0' then whole = false end
    records[i] = x[2][2]
  end
  if not whole then return reset() end
end
return {epoch, head, 0, time, records, {}}
`;

/** The arguments of a script after its keys. */
export type ScriptArguments = readonly (string | number)[];

/** A Lua script that Redis keeps: sent whole with its first use on a connection, without asking whether Redis has it, then by its digest. */
export class RedisScript {
  readonly #text: string;
  readonly #digest: string;
  /** The connections whose server has it. */
  readonly #sentOn = new WeakSet<RedisClient>();

  constructor(text: string) {
    this.#text = text;
    this.#digest = createHash('sha1').update(text).digest('hex');
  }

  async run(client: RedisClient, keys: readonly string[], args: ScriptArguments): Promise<unknown> {
    if (!this.#sentOn.has(client)) {
      const reply = await client.eval(this.#text, keys.length, ...keys, ...args);
      this.#sentOn.add(client);
      return reply;
    }
    try {
      return await client.evalsha(this.#digest, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return client.eval(this.#text, keys.length, ...keys, ...args);
    }
  }
}

export const appendScript: RedisScript = new RedisScript(APPEND);
export const announceScript: RedisScript = new RedisScript(ANNOUNCE);
export const syncScript: RedisScript = new RedisScript(SYNC);
