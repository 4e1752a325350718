import { FAULTS } from './faults/index.js';
import type { Finding } from './period.js';
import type { Mode } from './settings.js';

// 100 columns together with the blanks between them.
const WIDTHS = [4, 38, 8, 5, 5, 5, 7, 7, 10] as const;
const HEADINGS = ['', 'fault', 'reads', 'memory', 'redis', 'db', 'writes', 'stalest', 'violations'];

/** A line per fault, and one for all. */
export function tableOf(mode: Mode, findings: readonly Finding[]): string {
  const played = new Set(findings.map(({ fault }) => fault.id));
  const faults = FAULTS.filter(({ id }) => played.has(id));
  const rule = WIDTHS.map((width) => '─'.repeat(width)).join(' ');
  return [
    `${mode} reads`,
    line(HEADINGS),
    rule,
    ...faults.map((fault) =>
      lineOf(
        fault.id,
        fault.name,
        findings.filter((finding) => finding.fault.id === fault.id),
      ),
    ),
    rule,
    lineOf('', 'all', findings),
  ].join('\n');
}

/** How many of the reads came from `source`, 0 to 1. */
export function shareOf(source: string, findings: readonly Finding[]): number {
  return (
    sumOf(findings, ({ sources }) => sources[source] ?? 0) /
    Math.max(
      1,
      sumOf(findings, ({ reads }) => reads),
    )
  );
}

export function sumOf(findings: readonly Finding[], count: (finding: Finding) => number): number {
  return findings.reduce((sum, finding) => sum + count(finding), 0);
}

function lineOf(id: string, name: string, findings: readonly Finding[]): string {
  const share = (...sources: string[]): string =>
    `${Math.round(100 * sources.reduce((sum, source) => sum + shareOf(source, findings), 0))} %`;
  return line([
    id,
    name,
    grouped(sumOf(findings, ({ reads }) => reads)),
    share('memory'),
    share('redis'),
    share('origin', 'shared-load'),
    grouped(sumOf(findings, ({ writes }) => writes)),
    durationOf(Math.max(...findings.map(({ staleness }) => staleness))),
    grouped(sumOf(findings, ({ violations }) => violations.length)),
  ]);
}

function line(cells: readonly string[]): string {
  return cells
    .map((cell, index) => (index < 2 ? cell.padEnd(WIDTHS[index] ?? 0) : cell.padStart(WIDTHS[index] ?? 0)))
    .join(' ')
    .trimEnd();
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ' ');
}

function durationOf(milliseconds: number): string {
  if (milliseconds < 1) return milliseconds === 0 ? '0' : '< 1 ms';
  return milliseconds < 1_000 ? `${milliseconds.toFixed(0)} ms` : `${(milliseconds / 1_000).toFixed(2)} s`;
}
