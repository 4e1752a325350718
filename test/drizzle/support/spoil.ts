/** Changes everything in an answer that can be changed: rows, lists, JSON, dates, bytes. */
export function spoil(answer: unknown): void {
  if (typeof answer !== 'object' || answer === null) return;
  if (answer instanceof Date) {
    answer.setTime(0);
    return;
  }
  if (answer instanceof ArrayBuffer) {
    new Uint8Array(answer).fill(7);
    return;
  }
  if (ArrayBuffer.isView(answer)) {
    new Uint8Array(answer.buffer, answer.byteOffset, answer.byteLength).fill(7);
    return;
  }
  for (const [key, value] of Object.entries(answer)) {
    spoil(value);
    if (typeof value !== 'object') Reflect.set(answer, key, 'spoiled');
  }
  if (Array.isArray(answer)) answer.push('spoiled');
}
