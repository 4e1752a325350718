/** The middle of `values`; of none: `NaN`. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** `12` milliseconds, with a decimal only where there is not much else; `–` where nothing was measured. */
export function milliseconds(value: number): string {
  if (Number.isNaN(value)) return '–';
  if (value === Number.POSITIVE_INFINITY) return 'never';
  return value < 10 ? value.toFixed(1) : value.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** The middle and the highest. */
export function middleAndMost(values: readonly number[]): string {
  return values.length === 0 ? '–' : `${milliseconds(median(values))} / ${milliseconds(Math.max(...values))}`;
}

/** `3 of 10`. */
export function outOf(count: number, all: number): string {
  return `${count} of ${all}`;
}
