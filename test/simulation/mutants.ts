import type { Mode } from './settings.js';

/** One rule of the protocol, broken on purpose: a simulation that does not notice proves nothing about that rule. */
export interface Mutant {
  readonly name: string;
  /** What the rule says. */
  readonly rule: string;
  /** From the root of the project. */
  readonly file: string;
  /** The source text, which occurs exactly once. */
  readonly find: string;
  readonly replace: string;
  /** Where it shows, and a seed that has shown it: that one is tried first. */
  readonly mode: Mode;
  readonly seed?: number;
}

const CORE = 'packages/core/src';
const TAIL = `${CORE}/invalidation/log-tail.ts`;
const VIEW = `${CORE}/invalidation/log-view.ts`;
const PENDING = `${CORE}/invalidation/pending-changes.ts`;
const LOADER = `${CORE}/read/loader.ts`;
const READ = `${CORE}/read/read-through.ts`;
const STRONG = `${CORE}/read/strong-reads.ts`;
const WRITER = `${CORE}/write/writer.ts`;
const SERVER = 'test/simulation/redis-server.ts';

const READING: readonly Mutant[] = [
  {
    name: 'stamp after load',
    rule: 'An entry is stamped with the position known before its load began.',
    file: LOADER,
    find: 'return this.#landLoaded(request, loaded, loadedAt, { stamp, why });',
    replace: 'return this.#landLoaded(request, loaded, loadedAt, { stamp: tail.position ?? stamp, why });',
    mode: 'bounded',
  },
  {
    name: 'join any flight',
    rule: 'Joining a flight is judged like reading an entry with its stamp.',
    file: READ,
    find: 'return tail.isUnaffected(stamp, footprint);',
    replace: 'return true;',
    mode: 'bounded',
  },
  {
    name: 'join as if the rows were known',
    rule: 'Of the rows that a flight will bring nothing is known.',
    file: READ,
    find: 'return tail.isUnaffected(stamp, footprint);',
    replace:
      'return tail.isUnaffected(stamp, { tags: footprint.tags, dependencies: footprint.dependencies.map((one) => ({ ...one, keys: [] })) });',
    mode: 'bounded',
  },
  {
    name: 'join without the log whatever was written',
    rule: 'While the log is away, a flight from before a write of this process is not joined.',
    file: READ,
    find: 'return localCommits === tail.localCommits && now',
    replace: 'return now',
    mode: 'bounded',
  },
  {
    name: 'join without the log however old',
    rule: 'While the log is away, a flight is joined within the bound on staleness only.',
    file: READ,
    find: 'return localCommits === tail.localCommits && now - startedAt <= tail.maxStaleness;',
    replace: 'return localCommits === tail.localCommits;',
    mode: 'bounded',
  },
  {
    name: 'serve stale what is wrong',
    rule: 'An entry that is not right is never served, neither fresh nor stale.',
    file: READ,
    find: 'if (!this.#loader.isRight(resident)) {',
    replace: 'if (resident.entry.staleAt > tail.time(now) && !this.#loader.isRight(resident)) {',
    mode: 'bounded',
  },
  {
    name: 'grace without judging',
    rule: 'A change during a failed load makes the entry wrong that would stand in for it.',
    file: LOADER,
    find: 'if (!usable || !tail.isConfirmed() || !this.isRight(fallback)) throw error;',
    replace: 'if (!usable) throw error;',
    mode: 'bounded',
  },
  {
    name: 'serve unconfirmed without judging',
    rule: 'Without a confirmation memory still answers only with what nothing known affects.',
    file: READ,
    find: 'if (resident === undefined || tail.unconfirmedFor > maxStale || !this.#loader.isRight(resident)) return undefined;',
    replace: 'if (resident === undefined || tail.unconfirmedFor > maxStale) return undefined;',
    mode: 'bounded',
  },
  {
    name: 'shared tier without judging',
    rule: 'Entries of the shared tier are judged like those in memory.',
    file: LOADER,
    find: '|| !tail.isUnaffected(entry.stamp, entry.footprint)) return',
    replace: '|| entry.stamp.epoch !== tail.position?.epoch) return',
    mode: 'bounded',
  },
];

const TAILING: readonly Mutant[] = [
  {
    name: 'memory without a confirmation',
    rule: 'Entries are judged only within the bound after a confirming sync.',
    file: TAIL,
    find: 'return !this.#log.shared || now - this.#confirmedAt <= this.maxStaleness;',
    replace: 'return !this.#log.shared || this.#confirmedAt > Number.NEGATIVE_INFINITY;',
    mode: 'bounded',
  },
  {
    name: 'confirmed at the reply',
    rule: 'A confirmation is as old as the question, not as the answer.',
    file: TAIL,
    find: 'return this.#confirmAt(sentAt);',
    replace: 'return this.#confirmAt(this.#clock.now());',
    mode: 'bounded',
  },
  {
    name: 'confirmed by a message',
    rule: 'Pushed records confirm nothing: they may have waited while the process stood still.',
    file: TAIL,
    find: 'else if (ahead === 1) this.view.apply(position, record);',
    replace: 'else if (ahead === 1) { this.view.apply(position, record); this.#confirmedAt = this.#clock.now(); }',
    mode: 'bounded',
  },
  {
    name: 'confirmed by a piece',
    rule: 'A long continuation confirms only when its last piece is applied.',
    file: TAIL,
    find: 'if (after !== undefined && after.seq >= reply.head) {',
    replace: 'if (after !== undefined) {',
    mode: 'bounded',
  },
  {
    name: 'confirmed while changes wait',
    rule: 'Nothing is confirmed before what waits is delivered.',
    file: TAIL,
    find: "if (waiting !== undefined && !(await this.#deliver(waiting))) return 'unavailable';",
    replace: 'if (waiting !== undefined) await this.#deliver(waiting);',
    mode: 'bounded',
  },
  {
    name: 'gap not detected',
    rule: 'A record that does not follow the last one is not applied: the log is asked for what lies between.',
    file: TAIL,
    find: 'if (epoch !== position.epoch || ahead > 1) this.#syncAnew();',
    replace: 'if (epoch !== position.epoch) this.#syncAnew(); else if (ahead > 1) this.view.apply(position, record);',
    mode: 'bounded',
  },
  {
    name: 'records of another epoch applied',
    rule: 'A record of an unknown epoch is not applied.',
    file: TAIL,
    find: 'if (epoch !== position.epoch || ahead > 1) this.#syncAnew();',
    replace: 'if (ahead > 1) this.#syncAnew();',
    mode: 'bounded',
  },
  {
    name: 'reply of an earlier life applied',
    rule: 'An answer that was asked for in an earlier life is dropped.',
    file: TAIL,
    find: "if (life !== this.#life) return 'overtaken';",
    replace: '',
    mode: 'bounded',
  },
  {
    name: 'own append jumps the position',
    rule: 'The position never jumps over records that were not seen.',
    file: VIEW,
    find: 'if (position.seq > known.seq + 1) {',
    replace:
      'if (position.seq > known.seq + 1) { this.apply(known, { seq: position.seq, changes }); return "known"; } {',
    mode: 'bounded',
  },
  {
    name: 'own record ahead not judged',
    rule: 'An own record beyond the position judges entries beside the others.',
    file: VIEW,
    find: 'return !this.#own.mayAffect(footprint, stamp);',
    replace: 'return true;',
    mode: 'bounded',
  },
  {
    name: 'own record forgotten on reset',
    rule: 'An own record survives a reset that does not reach it.',
    file: VIEW,
    find: 'this.#history.restarted(this.#clock.now());',
    replace: 'this.#own.settled({ epoch, seq: Number.MAX_SAFE_INTEGER });',
    mode: 'bounded',
  },
  {
    name: 'view kept when the own append came from another epoch',
    rule: 'An own append in another epoch voids what is known.',
    file: TAIL,
    find: "if (place === 'another-life') {",
    replace: "if (place === 'another-life' && this.view.position === undefined) {",
    mode: 'bounded',
  },
  {
    name: 'epochs not compared',
    rule: 'An entry of another epoch is not right.',
    file: VIEW,
    find: 'if (stamp.epoch !== this.#position?.epoch || stamp.seq < this.#records.base) return false;',
    replace: 'if (stamp.seq < this.#records.base) return false;',
    mode: 'bounded',
  },
  {
    name: 'what was trimmed not missed',
    rule: 'An entry that is older than the records which are kept is not right.',
    file: VIEW,
    find: 'if (stamp.epoch !== this.#position?.epoch || stamp.seq < this.#records.base) return false;',
    replace: 'if (stamp.epoch !== this.#position?.epoch) return false;',
    mode: 'bounded',
  },
];

const WRITING: readonly Mutant[] = [
  {
    name: 'append before commit',
    rule: 'The record is appended after the commit.',
    file: WRITER,
    find: 'const announced = await this.announce(intend);\n    let value: Value;',
    replace:
      'const announced = await this.announce(intend);\n    let value: Value;\n    await this.append(this.#described(describe, { ok: true, value: undefined as Value }), announced); describe = () => [];',
    mode: 'bounded',
  },
  {
    name: 'answered before the append',
    rule: 'Whoever wrote is answered when this process reads what was written.',
    file: WRITER,
    find: 'await this.append(this.#described(describe, { ok: true, value }), announced);',
    replace: 'setImmediate(() => void this.append(this.#described(describe, { ok: true, value }), announced));',
    mode: 'bounded',
  },
  {
    name: 'pending changes not judged',
    rule: 'What the log has not acknowledged affects every entry of this process.',
    file: TAIL,
    find: 'return this.view.isUnaffected(stamp, footprint) && !this.#pending.mayAffect(footprint);',
    replace: 'return this.view.isUnaffected(stamp, footprint);',
    mode: 'bounded',
  },
  {
    name: 'overflow drops silently',
    rule: 'Changes that overflow the queue become one that affects everything.',
    file: PENDING,
    find: 'this.#add({ changes: [EVERYTHING], closes: [], waited: true, inFlight: false });',
    replace: '',
    mode: 'bounded',
  },
  {
    name: 'unknown outcome counts as failure',
    rule: 'A write of which nobody knows whether it happened is appended.',
    file: WRITER,
    find: 'const changes = this.#described(describe, { ok: false, error });',
    replace: 'const changes: readonly Change[] = []; void error;',
    mode: 'strong',
  },
  {
    name: 'unknown outcome closes its intent',
    rule: 'The intent of a write whose outcome is unknown stands until the database can no longer commit it.',
    file: WRITER,
    find: 'await this.append(changes, changes.length === 0 ? announced : []);',
    replace: 'await this.append(changes, announced);',
    mode: 'strong',
  },
  {
    name: 'lease counted from the answer',
    rule: 'The lease counts from the moment the intent was sent.',
    file: TAIL,
    find: 'const sentAt = this.#clock.now();\n    try {\n      const position = await this.#log.announce(changes, this.#terms);',
    replace:
      'let sentAt = 0;\n    try {\n      const position = await this.#log.announce(changes, this.#terms); sentAt = this.#clock.now();',
    mode: 'strong',
  },
];

const STRONGLY: readonly Mutant[] = [
  {
    name: 'strong without suspension',
    rule: 'What an open intent may affect is not served strongly.',
    file: VIEW,
    find: 'return this.isQuarantined || this.#intents.mayAffect(footprint);',
    replace: 'return this.isQuarantined;',
    mode: 'strong',
  },
  {
    name: 'strong without quarantine',
    rule: 'After a new epoch nothing is served or kept until announced writes can no longer commit.',
    file: VIEW,
    find: 'if (epoch !== this.#position?.epoch) this.#quarantinedUntil',
    replace: 'if (this.#fence < 0) this.#quarantinedUntil',
    mode: 'strong',
  },
  {
    name: 'quarantine too short',
    rule: 'The quarantine lasts as long as the fence.',
    file: VIEW,
    find: 'this.#quarantinedUntil = this.#clock.now() + this.#fence;',
    replace: 'this.#quarantinedUntil = this.#clock.now() + this.#fence / 4;',
    mode: 'strong',
  },
  {
    name: 'no quarantine for newcomers',
    rule: 'A process that starts cannot know how old the epoch is.',
    file: VIEW,
    find: 'if (epoch !== this.#position?.epoch) this.#quarantinedUntil',
    replace: 'if (this.#position !== undefined && epoch !== this.#position.epoch) this.#quarantinedUntil',
    mode: 'strong',
  },
  {
    name: 'strong by a bounded confirmation',
    rule: 'A strong read asks the log.',
    file: STRONG,
    find: 'const confirmed = await tail.confirmAnew();',
    replace: 'const confirmed = await tail.confirm();',
    mode: 'strong',
  },
  {
    name: 'strong joins the sync under way',
    rule: 'A strong read asks the log after it was asked itself.',
    file: TAIL,
    find: 'await this.#syncing;\n    let outcome = await this.sync();',
    replace: 'let outcome = await this.sync();',
    mode: 'strong',
  },
  {
    name: 'strong joins older loads',
    rule: 'A strong read joins only loads that began after it.',
    file: STRONG,
    find: 'if (joined !== undefined && joined.number > begunBefore) {',
    replace: 'if (joined !== undefined) {',
    mode: 'strong',
  },
  {
    name: 'strong while unconfirmed',
    rule: 'Without an answer of the log the database answers.',
    file: STRONG,
    find: 'const found = confirmed && !suspended ? await',
    replace: 'const found = tail.isConfirmed() && !suspended ? await',
    mode: 'strong',
  },
  {
    name: 'intents forgotten on reset',
    rule: 'A reset brings what is open.',
    file: VIEW,
    find: 'this.#intents.reset(intents);',
    replace: 'this.#intents.reset([]); void intents;',
    mode: 'strong',
  },
  {
    name: 'expired intents no longer suspend',
    rule: 'A write whose lease ran out may still commit until the fence.',
    file: `${CORE}/invalidation/open-intents.ts`,
    find: 'if (expires !== undefined) this.#open.set(expires, { seq: expires, changes, expired: true });',
    replace: 'if (expires !== undefined) this.#open.delete(expires);',
    mode: 'strong',
  },
  {
    name: 'forsaken fills kept',
    rule: 'What a write that nobody answers for may still change is not kept.',
    file: LOADER,
    find: 'if (tail.view.isForsaken(request.query.footprint))',
    replace: 'if (tail.view.isForsaken({ dependencies: [], tags: [] }))',
    mode: 'bounded',
  },
];

const SERVING: readonly Mutant[] = [
  {
    name: 'no run id in the epoch',
    rule: 'A restarted or promoted server begins a new epoch.',
    file: SERVER,
    find: 'if (this.#keys.v === undefined || !this.#keys.v.epoch.startsWith(this.#run)) this.#restart();',
    replace: 'if (this.#keys.v === undefined) this.#restart();',
    mode: 'bounded',
  },
  {
    name: 'hole in the log handed over',
    rule: 'Records that were trimmed or evicted are never "no records".',
    file: SERVER,
    find: 'if (!whole || records.length < Math.min(head - known.seq, this.#options.piece)) return reset();',
    replace:
      'void whole; if (records.length === 0 && known.seq < head) return { ...reset(), kind: "continuation", head: known.seq };',
    mode: 'bounded',
  },
  {
    name: 'intents never expire',
    rule: 'Whoever asks the log after a lease gets a record of what may have happened.',
    file: SERVER,
    find: 'if (due > time) break;',
    replace: 'if (due > 0) break;',
    mode: 'bounded',
  },
  {
    name: 'lost intents not missed',
    rule: 'Intents that were evicted make everything doubtful.',
    file: SERVER,
    find: 'if (keys.due.size !== this.#open || keys.open.size !== this.#open) this.#restart();',
    replace: '',
    mode: 'strong',
  },
];

export const MUTANTS: readonly Mutant[] = [...READING, ...TAILING, ...WRITING, ...STRONGLY, ...SERVING];
