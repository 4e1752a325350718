const registry = new FinalizationRegistry<() => Promise<void>>((release) => void release());

/**
 * Calls `release` if the application drops `target` without closing what belongs to it.
 *
 * @param release - Must hold no reference to `target`.
 * @returns A function that cancels this.
 */
export function whenDropped(target: object, release: () => Promise<void>): () => void {
  const token = {};
  registry.register(target, release, token);
  return () => void registry.unregister(token);
}
