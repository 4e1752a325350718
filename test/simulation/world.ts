import type { Source } from '@cachetastic/core';
import { Agenda } from './agenda.js';
import { Application } from './application.js';
import { Caches } from './caches.js';
import { Checker } from './checker.js';
import { Database } from './database.js';
import { DatabaseLink } from './database-link.js';
import { Dice } from './dice.js';
import { Faults } from './faults.js';
import { Forger } from './forger.js';
import { Mixer } from './mixer.js';
import { RedisLink } from './network.js';
import { SimulatedProcess } from './process.js';
import { RedisServer } from './redis-server.js';
import { RemoteRedis } from './remote-redis.js';
import { describeQuestion, QUESTIONS } from './rows.js';
import { ServerClock } from './server-clock.js';
import { BOUND, type Mode, type Settings, settingsFor } from './settings.js';
import { SplitBrain } from './split-brain.js';
import { Trace } from './trace.js';

/** How long after the last fault everything has to work again, in addition to the time for an intent and a quarantine to expire. */
const RECOVERY = 2 * BOUND;

/** How long it may take to examine one cache. */
const EXAMINATION = 400;

/** Who answered how many reads. */
export type Sources = Record<'memory' | 'redis' | 'shared-load' | 'origin', number>;

/** Some processes, one Redis, one database, and whatever a seed lets happen to them. */
export class World {
  readonly seed: number;
  readonly checker: Checker;
  readonly trace: Trace;
  readonly sources: Sources = { memory: 0, redis: 0, 'shared-load': 0, origin: 0 };
  /** What does not work although nothing is wrong any more. */
  readonly ill: string[] = [];
  readonly #agenda = new Agenda();
  readonly #dice: Dice;
  readonly #settings: Settings;
  readonly #database = new Database();
  readonly #splitBrain: SplitBrain;
  /** The server's, in worlds that set it. */
  readonly #clock: ServerClock | undefined;
  readonly #applications: Application[] = [];
  readonly #faults: Faults;
  readonly #forger: Forger;
  readonly #mixer: Mixer | undefined;
  /** How long caches take to close at most, where processes have several. */
  readonly #closeTimeout: number | undefined;
  readonly #until: number;
  readonly #unexamined = new Set<string>();
  #processes = 0;
  #calm = false;
  #active = false;

  constructor(seed: number, mode: Mode, traced = false) {
    this.seed = seed;
    this.#dice = new Dice(seed);
    const dice = this.#dice;
    const agenda = this.#agenda;
    const settings = settingsFor(mode, dice);
    this.#settings = settings;
    this.trace = new Trace(traced, () => agenda.now);
    this.trace.tell('world', JSON.stringify(settings));
    if (Number.isFinite(settings.every.clock)) this.#clock = new ServerClock(() => agenda.now);
    const clock = this.#clock;
    this.checker = new Checker(this.#database, settings, () => agenda.now, clock);
    const { logLength, piece, nodes, begin, end } = settings;
    const server = new RedisServer({
      time: () => clock?.now ?? agenda.now,
      logLength,
      piece,
      publish: (epoch, record, from) => {
        this.trace.tell('redis', `${epoch} ${JSON.stringify(record).slice(0, 200)}`);
        for (const { connections } of this.#applications) {
          for (const redis of connections) if (redis.hears(from)) redis.tell(epoch, record);
        }
      },
      onRestarted: () => clock?.told(),
      onForgotten: (intent) => this.checker.forgotten(intent),
    });
    const applications = (): readonly Application[] => this.#applications;
    const splitBrain = new SplitBrain({ agenda, dice, trace: this.trace, server, applications });
    this.#splitBrain = splitBrain;
    // Chance of its own, as for forged messages below.
    const haste = new Dice(seed ^ 0x6c8e9cf5);
    if (haste.chance(0.3)) this.#closeTimeout = haste.pick([30, 100, 250]);
    const confusion = new Dice(seed ^ 0x2545f491);
    if (confusion.chance(0.1)) this.#mixer = new Mixer({ agenda, dice: confusion, trace: this.trace, server });
    for (let i = 0; i < nodes; i++) this.#applications.push(this.#start(i));
    this.#faults = new Faults({
      agenda,
      dice,
      settings,
      trace: this.trace,
      get server() {
        return splitBrain.server;
      },
      clock,
      splitBrain,
      applications,
      crash: (application) => this.#crash(application),
    });
    // Chance of its own, so that a seed without forged messages is the world that it was before there were any.
    const mischief = new Dice(~seed);
    this.#forger = new Forger({
      agenda,
      dice: mischief,
      trace: this.trace,
      server,
      applications,
      mean: mischief.chance(0.2) ? mischief.pick([15, 60]) : Number.POSITIVE_INFINITY,
    });
    agenda.in(begin + dice.wait(settings.pace), () => this.#act());
    const recovers = dice.chance(0.2);
    this.#until = recovers ? end + this.#recovery + EXAMINATION * settings.most : end;
    if (recovers) agenda.in(end, () => this.#recover());
  }

  /** Lets things happen until some process has done something. @returns Whether the world goes on. */
  step(): boolean {
    this.#active = false;
    while (!this.#active) {
      if (this.#agenda.next(this.#until)) continue;
      for (const name of this.#unexamined) this.ill.push(`${name} does not answer`);
      return false;
    }
    return true;
  }

  get #recovery(): number {
    return 2 * this.#settings.fence + RECOVERY;
  }

  #start(index: number): Application {
    const dice = this.#dice;
    const agenda = this.#agenda;
    const settings = this.#settings;
    const { trace, checker } = this;
    const process = new SimulatedProcess(`node ${index}.${++this.#processes}`, agenda, dice.below(1_000_000), () => {
      this.#active = true;
    });
    const connect = (): RemoteRedis => {
      const link = new RedisLink(process, agenda, dice, settings.network);
      link.calm = this.#calm;
      return new RemoteRedis({
        process,
        link,
        server: this.#splitBrain.server,
        checker,
        clock: this.#clock,
        keeps: settings.sharedTier,
        encodes: this.#mixer !== undefined,
        onAnnounced: () => {
          if (dice.chance(settings.pauseAtAnnouncement)) this.#faults.pause(application);
        },
      });
    };
    const connections = Array.from({ length: settings.connections }, connect);
    const onCommit = (): void => {
      if (dice.chance(settings.crashAtCommit)) this.#crash(application);
      else if (dice.chance(settings.pauseAtCommit)) this.#faults.pause(application);
    };
    const database = new DatabaseLink({
      process,
      database: this.#database,
      checker,
      agenda,
      dice,
      settings,
      trace,
      onCommit,
      isCalm: () => this.#calm,
    });
    const caches = new Caches({
      process,
      connections,
      checker,
      agenda,
      dice,
      settings,
      trace,
      closeTimeout: this.#closeTimeout,
    });
    const application = new Application({ process, connections, caches, database, checker, dice, settings, trace });
    this.#active = true;
    for (const redis of connections) {
      if (dice.chance(0.9)) agenda.in(dice.between(0.2, 5), () => redis.reconnected());
    }
    return application;
  }

  #crash(application: Application): void {
    if (application.process.dead) return;
    this.trace.tell(application.process.name, 'dies');
    application.process.die();
    const index = this.#applications.indexOf(application);
    this.#agenda.in(this.#dice.between(0, 30), () => {
      this.#applications[index] = this.#start(index);
    });
  }

  /** An application does something. */
  #act(): void {
    const { pace, writes, end } = this.#settings;
    const dice = this.#dice;
    if (this.#agenda.now > end) return;
    this.#agenda.in(dice.wait(pace), () => this.#act());
    const application = dice.pick(this.#applications);
    if (!application.process.running) return;
    application.process.deliver(() => {
      if (dice.chance(writes)) void application.write();
      else void this.#read(application);
    });
  }

  async #read(application: Application): Promise<Source | undefined> {
    const info = await application.read(this.#dice.pick(QUESTIONS), this.#dice.chance(this.#settings.strong));
    if (info !== undefined) this.sources[info.source as keyof Sources]++;
    return info?.source;
  }

  /** Ends all faults, and sees to it that the cache gets over them. */
  #recover(): void {
    this.trace.tell('world', 'all faults end');
    this.#calm = true;
    this.#faults.stop();
    this.#forger.stop();
    this.#mixer?.stop();
    this.#agenda.in(this.#recovery, () => {
      for (const application of this.#applications) application.process.deliver(() => void this.#examine(application));
    });
  }

  async #examine(application: Application): Promise<void> {
    const { name } = application.process;
    const { memory, sharedTier, strong } = this.#settings;
    this.#unexamined.add(name);
    for (const cache of application.caches.open) {
      if (!cache.stats().log.confirmed) this.ill.push(`${name} does not confirm the log`);
      for (const question of QUESTIONS) {
        const sources: (Source | undefined)[] = [];
        for (let i = 0; i < 3; i++) sources.push((await application.read(question, strong > 0, cache))?.source);
        const wanted = memory ? 'memory' : sharedTier ? 'redis' : undefined;
        // One of the last two: an entry may run out in between.
        if (wanted !== undefined && !sources.slice(1).includes(wanted)) {
          this.ill.push(`${name} does not keep ${describeQuestion(question)}: it came from ${sources.join(', ')}`);
        }
      }
    }
    this.#unexamined.delete(name);
  }
}
