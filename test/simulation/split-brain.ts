import type { Agenda } from './agenda.js';
import type { Application } from './application.js';
import type { Dice } from './dice.js';
import type { RedisServer } from './redis-server.js';
import type { RemoteRedis } from './remote-redis.js';
import { BOUND } from './settings.js';
import type { Trace } from './trace.js';

/** What a {@link SplitBrain} is made of. */
export interface SplitBrainParts {
  readonly agenda: Agenda;
  readonly dice: Dice;
  readonly trace: Trace;
  /** The only one that takes writes as yet. */
  readonly server: RedisServer;
  readonly applications: () => readonly Application[];
}

/**
 * Promotes a replica while the primary goes on taking writes. Some connections stay at either, some go to and fro. Then one of the two is
 * demoted: what it alone has taken is lost, and its connections come to the other one by and by.
 */
export class SplitBrain {
  readonly #parts: SplitBrainParts;
  /** Those that take writes. */
  #live: readonly RedisServer[];
  #forks = 0;
  #over = false;

  constructor(parts: SplitBrainParts) {
    this.#parts = parts;
    this.#live = [parts.server];
  }

  /** One that takes writes. */
  get server(): RedisServer {
    return (this.#live.length === 1 ? this.#live[0] : this.#parts.dice.pick(this.#live)) as RedisServer;
  }

  begin(): void {
    const { agenda, dice, trace } = this.#parts;
    const [old] = this.#live;
    if (old === undefined || this.#live.length > 1) return;
    const promote = old.fork(`fork${++this.#forks}-`);
    const lag = dice.between(0, 100);
    agenda.in(lag, () => {
      if (this.#over || this.#live.length > 1 || this.#live[0] !== old) return;
      const promoted = promote();
      this.#live = [old, promoted];
      trace.tell('redis', `has two primaries; the new one lacks the last ${lag.toFixed(2)} ms`);
      for (const redis of this.#connections) if (dice.chance(0.5)) this.#move(redis, promoted);
      if (dice.chance(0.4)) this.#flap(dice.pick([20, 100]));
      const both = this.#live;
      agenda.in(dice.between(20, 3 * BOUND), () => {
        if (this.#live === both) this.#end();
      });
    });
  }

  /** Ends it at once, if there is one. */
  stop(): void {
    this.#end();
    this.#over = true;
    const [server] = this.#live;
    for (const redis of this.#connections) if (redis.place.server !== server) this.#move(redis, server as RedisServer);
  }

  get #connections(): readonly RemoteRedis[] {
    return this.#parts.applications().flatMap(({ connections }) => connections);
  }

  #end(): void {
    const { agenda, dice, trace } = this.#parts;
    if (this.#over || this.#live.length === 1) return;
    const [old, promoted] = this.#live as readonly [RedisServer, RedisServer];
    const [winner, loser] = dice.chance(0.8) ? [promoted, old] : [old, promoted];
    trace.tell('redis', `demotes the ${loser === old ? 'old' : 'new'} primary`);
    this.#live = [winner];
    loser.follow(winner);
    for (const redis of this.#connections) {
      if (redis.place.server === winner) continue;
      agenda.in(dice.between(0, 2 * BOUND), () => {
        if (redis.place.server === loser && !this.#over) this.#move(redis, this.server);
      });
    }
  }

  /** Connections go to and fro while there are two. */
  #flap(mean: number): void {
    const { agenda, dice } = this.#parts;
    agenda.in(dice.wait(mean), () => {
      if (this.#live.length === 1) return;
      const redis = dice.pick(this.#connections);
      const other = this.#live.find((server) => server !== redis.place.server);
      if (other !== undefined) this.#move(redis, other);
      this.#flap(mean);
    });
  }

  /** Messages come by a connection of their own, which may take longer. Not every process notices. */
  #move(redis: RemoteRedis, server: RedisServer): void {
    const { agenda, dice, trace } = this.#parts;
    trace.tell(redis.owner, `talks to ${server.name} from now on`);
    redis.moveTo(server, agenda.now);
    agenda.in(dice.chance(0.5) ? 0 : dice.between(0, 100), () => redis.hearAgain());
    if (dice.chance(0.6)) agenda.in(dice.between(0, 50), () => redis.reconnected());
  }
}
