import type { Agenda } from './agenda.js';
import type { Application } from './application.js';
import type { Dice } from './dice.js';
import type { RedisServer } from './redis-server.js';
import type { RemoteRedis } from './remote-redis.js';
import type { ServerClock } from './server-clock.js';
import { BOUND, type FaultKind, type Settings } from './settings.js';
import type { SplitBrain } from './split-brain.js';
import type { Trace } from './trace.js';

/** What faults happen to. */
export interface FaultTargets {
  readonly agenda: Agenda;
  readonly dice: Dice;
  readonly settings: Settings;
  readonly trace: Trace;
  /** One that takes writes. */
  readonly server: RedisServer;
  /** The server's, if it may be set. */
  readonly clock: ServerClock | undefined;
  readonly splitBrain: SplitBrain;
  readonly applications: () => readonly Application[];
  /** Ends a process, and starts another in its place a little later. */
  readonly crash: (application: Application) => void;
}

/** Lets things go wrong, until it is stopped. */
export class Faults {
  readonly #targets: FaultTargets;
  #over = false;

  constructor(targets: FaultTargets) {
    this.#targets = targets;
    for (const [kind, mean] of Object.entries(targets.settings.every)) {
      if (Number.isFinite(mean)) this.#again(kind as FaultKind, mean);
    }
  }

  /** From now on everything works, and what was broken is mended. */
  stop(): void {
    this.#over = true;
    this.#targets.clock?.stop();
    this.#targets.splitBrain.stop();
    for (const { process, connections } of this.#targets.applications()) {
      for (const { link } of connections) {
        link.calm = true;
        link.mend();
      }
      process.resume(0.1);
    }
  }

  #again(kind: FaultKind, mean: number): void {
    const { agenda, dice } = this.#targets;
    agenda.in(dice.wait(mean), () => {
      if (this.#over) return;
      this.#happen(kind);
      this.#again(kind, mean);
    });
  }

  #happen(kind: FaultKind): void {
    const { dice, server, trace, applications, crash } = this.#targets;
    const application = dice.pick(applications());
    if (kind === 'partition') this.#partition(application);
    else if (kind === 'pause') this.pause(application);
    else if (kind === 'crash') crash(application);
    else if (kind === 'restart') this.#restart();
    else if (kind === 'failover') this.#failOver();
    else if (kind === 'clock') this.#setClock();
    else if (kind === 'split') this.#targets.splitBrain.begin();
    else if (kind === 'evict') {
      const key = dice.pick(['v', 'log', 'due', 'open', 'entries'] as const);
      trace.tell('redis', `evicts ${key}`);
      server.evict(key);
    } else {
      trace.tell('redis', 'trims the log');
      server.trim();
    }
  }

  /** Of several connections, one alone can be of no use while the others work. */
  #partition({ process, connections }: Application): void {
    const { agenda, dice, trace } = this.#targets;
    const some = connections.length > 1 && dice.chance(0.7) ? [dice.pick(connections)] : connections;
    const which =
      some.length === connections.length ? '' : ` on connection ${connections.indexOf(some[0] as RemoteRedis) + 1}`;
    trace.tell(process.name, `is cut off from Redis${which}`);
    for (const { link } of some) link.cut();
    agenda.in(dice.between(0, 3 * BOUND), () => {
      trace.tell(process.name, `reaches Redis again${which}`);
      for (const redis of some) {
        redis.link.mend();
        if (dice.chance(0.5)) redis.reconnected();
      }
    });
  }

  /** Lets a process stand still. */
  pause({ process }: Application): void {
    const { agenda, dice, settings, trace } = this.#targets;
    if (this.#over) return;
    trace.tell(process.name, 'stands still');
    process.pause();
    agenda.in(dice.between(0, dice.chance(0.3) ? 2.5 * settings.fence : 2 * BOUND), () => {
      trace.tell(process.name, 'goes on');
      process.resume(dice.between(0, 1));
    });
  }

  #restart(): void {
    const { dice, server, trace } = this.#targets;
    const empty = dice.chance(0.6);
    trace.tell('redis', `restarts ${empty ? 'empty' : 'with all its data'}`);
    server.restart(empty);
    this.#reconnect();
  }

  /** By less than an entry lives, by some times that, or by minutes. */
  #setClock(): void {
    const { dice, clock, trace } = this.#targets;
    const size = dice.pick([dice.between(300, 1_200), dice.between(300, 1_200), dice.between(2_000, 300_000)]);
    const by = dice.chance(0.6) ? -size : size;
    trace.tell('redis', `sets its clock ${by < 0 ? 'back' : 'forward'} by ${Math.abs(by).toFixed(2)} ms`);
    clock?.step(by);
  }

  #failOver(): void {
    const { agenda, dice, server, trace } = this.#targets;
    const takeOver = server.replicate();
    const lag = dice.between(0, 150);
    agenda.in(lag, () => {
      if (this.#over) return;
      trace.tell('redis', `fails over, losing the last ${lag.toFixed(2)} ms`);
      takeOver();
      this.#reconnect();
    });
  }

  /** Some notice that their connection was lost, some do not. */
  #reconnect(): void {
    const { agenda, dice, applications } = this.#targets;
    for (const redis of applications().flatMap(({ connections }) => connections)) {
      if (dice.chance(0.5)) agenda.in(dice.between(0, 50), () => redis.reconnected());
    }
  }
}
