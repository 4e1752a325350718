/** The package has no types of its own. */
declare module 'cluster-key-slot' {
  /** The slot of `key` in a Redis Cluster: CRC16 of its hash tag, or of all of it, modulo 16384. */
  export default function slotOf(key: string): number;
}
