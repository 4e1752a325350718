/**
 * `client`, telling of every statement that is sent through its `query`.
 *
 * Drizzle's own `logger` hears of a query before it is known whether the cache answers it.
 */
export function watched<Client extends { query: (...given: never[]) => unknown }>(
  client: Client,
  onStatement: (() => void) | undefined,
): Client {
  if (onStatement === undefined) return client;
  const query = (...given: never[]): unknown => {
    onStatement();
    return client.query(...given);
  };
  return Object.assign(Object.create(client) as Client, { query });
}
