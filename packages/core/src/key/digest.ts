import { hash } from 'node:crypto';

/** A collision-resistant short name: SHA-256 of `text` in UTF-8, as 43 characters of base64url. `text` must be well-formed. */
export function digest(text: string): string {
  return hash('sha256', text, 'base64url');
}
