/** How long one result may be served, in milliseconds. */
export interface Lifetime {
  /** How long it is fresh. */
  readonly ttl: number;
  /** How long after that it is served stale while it is refreshed in the background. 0: never. */
  readonly swr: number;
  /** How long after `ttl` it may be served because the load failed. 0: never. */
  readonly grace: number;
}
