const listeners = new Set<() => void>();

function tellAll(): void {
  for (const listener of listeners) listener();
}

/**
 * Calls `listener` when the process would end by itself, because it has nothing left to do. What the listener begins must hold the
 * process. One listener of the process serves all callers.
 *
 * @returns A function that cancels this.
 */
export function beforeExit(listener: () => void): () => void {
  if (listeners.size === 0) process.on('beforeExit', tellAll);
  listeners.add(listener);
  return () => {
    if (listeners.delete(listener) && listeners.size === 0) process.off('beforeExit', tellAll);
  };
}
