import type { WeeklySpan } from '../../restaurants/index.ts';

type Span = Pick<WeeklySpan, 'opens' | 'closes'>;

const DAY = 1_440;
const WEEK = 7 * DAY;

/** The index of the first span that begins while another still runs, also from Sunday into Monday. Spans may touch. */
export function findOverlap(hours: readonly WeeklySpan[]): number | null {
  return firstOverlap(hours.map((span) => ({ start: (span.weekday - 1) * DAY + minutesOf(span.opens), span })));
}

/** The same among the spans of one date; what runs past midnight is compared with nothing of the next. */
export function findOverlapOfDay(spans: readonly Span[]): number | null {
  return firstOverlap(spans.map((span) => ({ start: minutesOf(span.opens), span })));
}

/** From each opening the next one must lie no nearer than the closing: on a circle one look at every neighbour is enough. */
function firstOverlap(openings: readonly { start: number; span: Span }[]): number | null {
  const order = openings.map((opening, index) => ({ ...opening, index })).sort((a, b) => a.start - b.start);
  for (const [place, { start, span }] of order.entries()) {
    const next = order[place + 1] ?? order[0];
    if (next === undefined || order.length === 1) return null;
    const gap = (next.start - start + WEEK) % WEEK;
    if (gap < lengthOf(span)) return Math.max(next.index, order[place]?.index ?? 0);
  }
  return null;
}

function lengthOf({ opens, closes }: Span): number {
  const length = minutesOf(closes) - minutesOf(opens);
  return length > 0 ? length : length + DAY;
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}
