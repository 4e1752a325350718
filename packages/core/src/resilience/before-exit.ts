const listeners = new Set<() => void>();

function callAll(): void {
  for (const listener of listeners) listener();
}

/**
 * Calls `listener` when the process would end by itself, because it has nothing left to do. Work that the listener begins must
 * keep the process running.
 *
 * @returns A function that cancels this.
 */
export function beforeExit(listener: () => void): () => void {
  if (listeners.size === 0) process.on('beforeExit', callAll);
  listeners.add(listener);
  return () => {
    if (listeners.delete(listener) && listeners.size === 0) process.off('beforeExit', callAll);
  };
}
