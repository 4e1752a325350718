import type { Answer, Written } from './seat.js';

/** What games came to. */
export class Tally {
  /** Answers of caching clients that were compared with the database's. */
  compared = 0;
  hits = 0;
  bypassed = 0;
  failed = 0;
  writes = 0;
  /** Writes that took effect. */
  done = 0;
  /** Rounds in which exactly one write ran and took effect: of these it is known what they invalidated. */
  told = 0;
  everything = 0;
  readonly #because = new Map<string, number>();
  readonly #bypasses = new Map<string, number>();
  readonly #refusals = new Map<string, number>();

  /** Why reads were not analysed, if there were such. */
  get notAnalysed(): readonly string[] {
    return [...this.#bypasses.keys()].filter((reason) => reason.startsWith('not-analysable'));
  }

  answered({ status, failed, reason }: Answer): void {
    this.compared++;
    if (status === 'hit') this.hits++;
    if (status === 'bypass') {
      this.bypassed++;
      count(this.#bypasses, reason ?? 'no reason');
    }
    if (failed) this.failed++;
  }

  written({ outcomes, widened, everything }: Written): void {
    this.writes += outcomes.length;
    for (const { done, reason } of outcomes) {
      if (done) this.done++;
      else count(this.#refusals, reason);
    }
    if (outcomes.length !== 1 || outcomes[0]?.done !== true) return;
    this.told++;
    if (!everything) return;
    this.everything++;
    for (const reason of new Set(widened.length === 0 ? ['no reason given'] : widened)) count(this.#because, reason);
  }

  toString(): string {
    return [
      `${this.compared} reads compared: ${share(this.hits, this.compared)} hits, ${share(this.bypassed, this.compared)} bypasses, ${this.failed} errors alike`,
      ...lines(this.#bypasses, 'bypass'),
      `${this.writes} writes, ${this.done} took effect (refused: ${[...this.#refusals]
        .sort(byCount)
        .slice(0, 6)
        .map(([reason, n]) => `${reason} ${n}`)
        .join(', ')})`,
      `${share(this.everything, this.told)} of ${this.told} single writes invalidated everything`,
      ...lines(this.#because, 'everything'),
    ].join('\n');
  }
}

function count(counts: Map<string, number>, reason: string): void {
  const short = reason.length > 90 ? `${reason.slice(0, 90)}…` : reason;
  counts.set(short, (counts.get(short) ?? 0) + 1);
}

function lines(counts: ReadonlyMap<string, number>, word: string): string[] {
  return [...counts].sort(byCount).map(([reason, n]) => `  ${word}: ${String(n).padStart(6)} ${reason}`);
}

function byCount([, a]: [string, number], [, b]: [string, number]): number {
  return b - a;
}

function share(part: number, whole: number): string {
  return `${part} (${whole === 0 ? 0 : Math.round((1000 * part) / whole) / 10} %)`;
}
