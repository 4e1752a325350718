/** How a write ended, for the adapter that describes its changes. */
export type WriteOutcome<Value> =
  | { readonly ok: true; readonly value: Value }
  /** The write rejected. Return no changes only if it certainly changed nothing. */
  | { readonly ok: false; readonly error: unknown };
