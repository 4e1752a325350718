import type { Dice } from './dice.js';

export const MODES = ['bounded', 'strong', 'replicas', 'neighbours', 'servers'] as const;

/**
 * What is simulated: the default promise, linearizable reads beside it, or either with replicas that lag behind, with several
 * caches in each process, or with a log whose server's
 * clock is set or that two servers answer for at once.
 */
export type Mode = (typeof MODES)[number];

/** `maxStaleness`. This and all other times: milliseconds. Short, so that a short schedule sees everything run out. */
export const BOUND = 300;
/** How long memory answers while the log is away, where that is allowed. */
export const MAX_STALE = 900;
/** How long an answer of Redis is waited for. */
export const DEADLINE = 90;
export const ROWS = 3;
export const GROUPS = 2;

/** Lease and fence. */
const TERMS = [
  [200, 500],
  [100, 900],
] as const;

/** What one world is like. Most have few faults, so that what one of them does is not hidden by the others. */
export interface Settings {
  readonly mode: Mode;
  readonly nodes: number;
  /** When things begin and when they end to happen. */
  readonly begin: number;
  readonly end: number;
  /** The mean time between two things that applications do, and the share of those that are writes. */
  readonly pace: number;
  readonly writes: number;
  /** The share of reads that are strong. */
  readonly strong: number;
  readonly intents: 'none' | 'fail' | 'proceed';
  readonly lease: number;
  readonly fence: number;
  readonly serve: boolean;
  readonly memory: boolean;
  readonly sharedTier: boolean;
  readonly lifetime: { readonly ttl: number; readonly swr: number; readonly grace: number };
  /** What one sync hands over at most, and how many records the log keeps. */
  readonly piece: number;
  readonly logLength: number;
  readonly network: { readonly late: number; readonly lost: number; readonly failing: number; readonly twice: number };
  readonly database: {
    readonly slow: number;
    readonly failing: number;
    /** The share of writes whose reply is lost. */
    readonly unknown: number;
    readonly late: number;
  };
  /** The mean times between two faults of a kind; infinite: never. */
  readonly every: Readonly<Record<FaultKind, number>>;
  /** The share of commits that their process does not survive, or after which it stands still. */
  readonly crashAtCommit: number;
  readonly pauseAtCommit: number;
  /** The share of announcements whose process stands still before it hears that the log took them. */
  readonly pauseAtAnnouncement: number;
  /** The share of transactions that change more than a process queues. */
  readonly huge: number;
  /** How far behind replicas are at most; 0: there are none. */
  readonly replicaLag: number;
  /** The mean time between two caches that a process opens or closes; infinite: it has one. */
  readonly companions: number;
  /** The share of them whose options are not those of the first one. */
  readonly different: number;
  /** How many caches a process has open at most. One: the next opens while or after the last one closes, as in a hot reload. */
  readonly most: number;
  /** How many connections to Redis a process has. */
  readonly connections: number;
}

export type FaultKind = 'partition' | 'pause' | 'crash' | 'restart' | 'failover' | 'evict' | 'trim' | 'clock' | 'split';

const CALM_NETWORK: Settings['network'] = { late: 0, lost: 0, failing: 0, twice: 0 };
const NEVER: Settings['every'] = {
  partition: Infinity,
  pause: Infinity,
  crash: Infinity,
  restart: Infinity,
  failover: Infinity,
  evict: Infinity,
  trim: Infinity,
  clock: Infinity,
  split: Infinity,
};

/** What the world of a seed is like. */
export function settingsFor(mode: Mode, dice: Dice): Settings {
  const some = someSettings(mode, dice);
  if (mode === 'servers') return dice.chance(0.5) ? withClock(some, dice) : withSplits(some, dice);
  const settings = some.most === 1 && mode === 'neighbours' ? reloading(some) : some;
  return mode !== 'strong' && settings.strong === 0 && dice.chance(0.15) ? stormy(settings, dice) : settings;
}

/** Caches are closed while connections fail, so that changes still wait. */
function reloading(settings: Settings): Settings {
  const { every, network } = settings;
  return {
    ...settings,
    strong: 0,
    intents: 'none',
    begin: 0,
    end: 1_000,
    pace: 4,
    writes: 0.08,
    sharedTier: true,
    connections: 2,
    companions: 60,
    network: { ...network, failing: 0 },
    every: { ...every, partition: 120 },
  };
}

/**
 * The clock of the log's server is set. In half of these worlds little else fails but writers, which die without a word: then only the age
 * of an entry ends what it serves.
 */
function withClock(settings: Settings, dice: Dice): Settings {
  const every = { ...settings.every, clock: dice.pick([150, 400, 800]) };
  if (dice.chance(0.5)) return { ...settings, every };
  const { begin, strong, intents } = settings;
  return {
    ...settings,
    nodes: 3,
    end: begin + 2_000,
    pace: dice.between(4, 8),
    writes: dice.between(0.01, 0.03),
    intents: strong > 0 ? intents : 'none',
    memory: true,
    lifetime: { ttl: dice.pick([300, 600]), swr: 0, grace: dice.pick([0, 2_000]) },
    logLength: 1_000,
    network: CALM_NETWORK,
    database: { slow: 0, failing: 0, unknown: 0, late: 0 },
    every: { ...NEVER, clock: dice.pick([300, 700]) },
    crashAtCommit: 0.7,
    pauseAtCommit: 0,
    huge: 0,
  };
}

/** Two servers take writes for a while. In half of these worlds nothing else befalls servers and processes. */
function withSplits(settings: Settings, dice: Dice): Settings {
  const every = dice.chance(0.5) ? settings.every : NEVER;
  return {
    ...settings,
    // Strong reads want one primary.
    strong: 0,
    end: settings.end + 500,
    lifetime: { ...settings.lifetime, ttl: 1_500 },
    every: { ...every, split: dice.pick([150, 400]) },
  };
}

/** Short and wild: everything is late, and the log goes to pieces while answers are under way. */
function stormy(settings: Settings, dice: Dice): Settings {
  const breaks = dice.chance(0.5);
  const { network, every } = settings;
  return {
    ...settings,
    intents: 'none',
    begin: 0,
    end: 500,
    pace: 3,
    writes: 0.25,
    piece: 1_000,
    logLength: dice.pick([1, 2, 1_000]),
    memory: dice.chance(0.5),
    sharedTier: true,
    network: { ...network, late: 0.6, lost: dice.pick([0, 0.5, 1]), failing: dice.pick([0, 0.1]) },
    every: { ...every, failover: breaks ? 60 : Infinity, trim: breaks ? Infinity : 30 },
    huge: 0,
  };
}

function someSettings(mode: Mode, dice: Dice): Settings {
  const strong = mode === 'strong' || (mode !== 'bounded' && dice.chance(0.4));
  const intents = strong ? 'fail' : dice.pick(['none', 'none', 'fail', 'fail', 'proceed'] as const);
  // With intents, nothing is kept before the first quarantine is over.
  const [lease, fence] = dice.pick(TERMS);
  const begin = intents === 'none' ? 0 : fence;
  const sometimes = (probability: number, value: () => number): number => (dice.chance(probability) ? value() : 0);
  const fault = (probability: number, mean: number): number => (dice.chance(probability) ? mean : Infinity);
  return {
    mode,
    nodes: dice.chance(0.7) ? 3 : 2,
    begin,
    end: begin + 1_000,
    pace: dice.between(4, 16),
    writes: dice.between(0.02, 0.15),
    strong: strong ? dice.pick([0.6, 0.9, 1]) : 0,
    intents,
    lease,
    fence,
    serve: dice.chance(0.15),
    memory: dice.chance(0.9),
    sharedTier: dice.chance(0.85),
    lifetime: { ttl: dice.pick([150, 1_500, 1_500]), swr: dice.pick([0, 600]), grace: dice.pick([0, 2_000]) },
    piece: dice.pick([1, 2, 3, 1_000]),
    logLength: dice.chance(0.8) ? 1_000 : 1 + dice.below(6),
    network: {
      late: sometimes(0.5, () => dice.pick([0.05, 0.2, 0.6])),
      lost: sometimes(0.5, () => dice.pick([0.1, 0.5, 1])),
      failing: sometimes(0.4, () => 0.15 * dice.share()),
      twice: sometimes(0.2, () => 0.3),
    },
    database: {
      slow: sometimes(0.6, () => 0.4 * dice.share()),
      failing: sometimes(0.25, () => 0.15),
      unknown: sometimes(0.25, () => 0.3),
      late: sometimes(0.3, () => 0.5),
    },
    every: {
      partition: fault(0.25, 400),
      pause: fault(0.25, 350),
      crash: fault(0.15, 500),
      restart: fault(0.2, 400),
      failover: fault(0.25, 300),
      evict: fault(0.2, 300),
      trim: fault(0.2, 200),
      clock: Infinity,
      split: Infinity,
    },
    crashAtCommit: sometimes(0.25, () => 0.15),
    pauseAtCommit: sometimes(0.1, () => 0.1),
    pauseAtAnnouncement: sometimes(0.2, () => 0.15),
    huge: sometimes(0.1, () => 0.5),
    replicaLag: mode === 'replicas' ? dice.pick([20, 60, 120, 250]) : 0,
    companions: mode === 'neighbours' ? dice.pick([40, 120, 400]) : Infinity,
    different: mode === 'neighbours' ? dice.pick([0, 0.5, 1]) : 0,
    connections: mode === 'neighbours' ? dice.pick([1, 2]) : 1,
    most: mode === 'neighbours' ? dice.pick([1, 3, 3]) : 1,
  };
}
