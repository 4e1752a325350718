import { at } from '../objects/entities.js';

/** Whether SQLite refused a statement because another connection holds the lock that it needs. */
export function isBusy(error: unknown): boolean {
  for (let found = error, depth = 0; found !== undefined && found !== null && depth < 5; depth++) {
    const code = at(found, 'code');
    if (typeof code === 'string' && code.startsWith('SQLITE_BUSY')) return true;
    found = at(found, 'cause');
  }
  return false;
}
