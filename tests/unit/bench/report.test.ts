import { describe, expect, it } from 'vitest';
import { replaceSection } from '../../../scripts/bench/document.ts';
import { interleave, type Contender } from '../../../scripts/bench/interleave.ts';
import { toJsonLines, toMarkdown, toTable } from '../../../scripts/bench/report.ts';
import { median, quantile, toFigure } from '../../../scripts/bench/statistics.ts';

const KEYS = ['figure', 'ours', 'baseline', 'unit', 'ratio', 'min', 'max', 'target'];

const rate = toFigure({
  ...{ figure: 'orders placed', unit: 'orders/s', target: 0.75 },
  rounds: [
    { ours: 80, baseline: 100 },
    { ours: 30, baseline: 60 },
    { ours: 90, baseline: 100 },
  ],
});
const time = toFigure({ figure: 'p99', unit: 'ms', target: null, rounds: [{ ours: 20, baseline: 10 }] });

describe('a figure', () => {
  it('is the median of the ratios of the rounds, not the ratio of the medians', () => {
    expect(rate).toEqual({
      ...{ figure: 'orders placed', unit: 'orders/s', target: 0.75 },
      ...{ ours: 80, baseline: 100, ratio: 0.8, min: 0.5, max: 0.9 },
    });
  });

  it('has a ratio above one where ours is better, for times too', () => {
    expect(time).toMatchObject({ ours: 20, baseline: 10, ratio: 0.5 });
  });

  it('has one for counts per row too, of which less is better, and a target that can be read', () => {
    const rounds = [{ ours: 1, baseline: 1.5 }];
    const keys = toFigure({ figure: 'keys examined', unit: 'per row', target: 1 / 1.5, rounds });
    expect(keys).toMatchObject({ ratio: 1.5, target: 0.667 });
  });

  it('takes medians and nearest ranks', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(quantile([5, 1, 4, 2, 3], 0.5)).toBe(3);
    expect(quantile([5, 1, 4, 2, 3], 0.99)).toBe(5);
  });
});

describe('the report', () => {
  it('is one JSON object per figure and line, with exactly the agreed keys', () => {
    const lines = toJsonLines([rate, time]).split('\n');
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(Object.keys(JSON.parse(line) as object)).toEqual(KEYS);
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({ figure: 'p99', target: null });
  });

  it('shows every figure in the table', () => {
    const [head, first, second] = toTable([rate, time]).split('\n');
    expect(head?.split(/\s{2,}/)).toEqual(KEYS);
    expect(first).toMatch(/^orders placed +80 +100 +orders\/s +0\.8 +0\.5 +0\.9 +0\.75$/);
    expect(second).toMatch(/^p99 +20 +10 +ms +0\.5 +0\.5 +0\.5$/);
  });

  it('names command, day and machine in the document', () => {
    const report = { figures: [rate], notes: ['A note.'], facts: ['mongod 6.0.5'] };
    const text = toMarkdown({ title: 'T', command: 'npm run bench -- t', date: '2026-01-02', machine: 'm', report });
    expect(text).toContain('`npm run bench -- t`, 2026-01-02: m, mongod 6.0.5.');
    expect(text).toContain('| orders placed | 80 | 100 | orders/s | 0.8 | 0.5 | 0.9 | 0.75 |');
    expect(text.endsWith('A note.')).toBe(true);
  });
});

describe('the document', () => {
  it('gets a section at its end, and keeps what people wrote when it is replaced', () => {
    const once = replaceSection('# Benchmarks\n\nWords.\n', 'a', 'first');
    const withMore = `${once}\nMore words.\n`;
    const twice = replaceSection(withMore, 'a', 'second');
    expect(twice).toBe(withMore.replace('first', 'second'));
    expect(replaceSection(twice, 'b', 'other')).toContain('second');
  });
});

describe('the rounds', () => {
  it('let every contender run once per round, in turning order', async () => {
    const ran: string[] = [];
    const contenders = ['a', 'b', 'c'].map<Contender>((name) => ({
      name,
      run: () => {
        ran.push(name);
        return Promise.resolve({ seconds: 2, latenciesMs: [1, 2, 3, 4], cpuMs: 8 });
      },
    }));
    const scores = await interleave(contenders, { inFlight: 1, count: 4 }, 3);
    expect(ran.join('')).toBe('abcbcacab');
    expect(scores[2]?.['c']).toEqual({ perSecond: 2, p50: 2, p99: 4, cpu: 2 });
  });
});
