import { causesOf } from '@cachetastic/core/adapter';
import { at } from '../objects/entities.js';

/** Whether SQLite refused a statement because another connection holds the lock that it needs. */
export function isBusy(error: unknown): boolean {
  return causesOf(error).some((cause) => {
    const code = at(cause, 'code');
    return typeof code === 'string' && code.startsWith('SQLITE_BUSY');
  });
}
