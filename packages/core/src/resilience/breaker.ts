import { type CircuitBreakerPolicy, CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import type { Clock } from '../clock.js';
import { TierUnavailableError } from '../errors.js';

/** When a {@link Breaker} opens, and for how long. */
export interface BreakerOptions {
  /** Names what it guards, in errors. */
  readonly name: string;
  readonly clock: Clock;
  /** Whether an error says that the other side cannot be reached. Others leave the breaker as it is. */
  readonly counts: (error: Error) => boolean;
  /** How many failures in a row open it. @defaultValue `3` */
  readonly failures?: number | undefined;
  /** Milliseconds until one call may try again. @defaultValue `1_000` */
  readonly pause?: number | undefined;
}

/** Skips calls that would only wait: after some failures in a row, one call a second tries and all others fail at once. */
export class Breaker {
  readonly #options: BreakerOptions;
  #policy: CircuitBreakerPolicy;
  #openUntil = Number.NEGATIVE_INFINITY;

  constructor(options: BreakerOptions) {
    this.#options = options;
    this.#policy = this.#closed();
  }

  /** @throws {@link TierUnavailableError} at once, without starting `work`, while open. Otherwise what `work` throws. */
  async run<Value>(work: () => Promise<Value>): Promise<Value> {
    const { clock, name } = this.#options;
    // Cockatiel would let callers wait for the one that tries.
    if (this.#policy.state === CircuitState.HalfOpen || clock.now() < this.#openUntil) {
      throw new TierUnavailableError(`${name} is skipped: it failed repeatedly.`);
    }
    return this.#policy.execute(work);
  }

  /** Closes it: the other side is known to be back. */
  reset(): void {
    this.#policy = this.#closed();
    this.#openUntil = Number.NEGATIVE_INFINITY;
  }

  #closed(): CircuitBreakerPolicy {
    const { clock, counts, failures = 3, pause = 1_000 } = this.#options;
    const policy = circuitBreaker(handleWhen(counts), {
      breaker: new ConsecutiveBreaker(failures),
      // The pause is kept here, on the monotonic clock: Cockatiel's depends on the host's date.
      halfOpenAfter: Number.NEGATIVE_INFINITY,
    });
    policy.onBreak(() => {
      if (policy === this.#policy) this.#openUntil = clock.now() + pause;
    });
    return policy;
  }
}
