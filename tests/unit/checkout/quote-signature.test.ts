import { describe, expect, it } from 'vitest';
import type { QuoteRow } from '../../../src/modules/checkout/quote.model.ts';
import { isGenuineQuote, quoteText, signQuote } from '../../../src/modules/checkout/quote-signature.ts';
import { buildQuote } from '../../factories/quote.ts';

const SECRET = 'unit-test-quote-secret-0123456789abcdef';

const sealed = (changes: Partial<QuoteRow> = {}): QuoteRow => {
  const terms = { ...buildQuote(), ...changes };
  return { ...terms, signature: signQuote(terms, SECRET) };
};

/** With a leaf in every term. */
const SCHEDULED: Partial<QuoteRow> = {
  slot: { startAt: new Date('2026-11-20T18:00:00Z'), endAt: new Date('2026-11-20T18:30:00Z') },
  releaseAt: new Date('2026-11-20T17:30:00Z'),
  coupon: { couponId: 'a', code: 'WELCOME', discountMinor: 100, fundedBy: 'platform' },
};

/** Every number, text and date in the quote, by its path. */
function leavesOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null || value instanceof Date) return [path];
  return Object.entries(value).flatMap(([key, entry]) => leavesOf(entry, [...path, key]));
}

function tamper(value: unknown, [key, ...rest]: string[]): unknown {
  if (key === undefined) {
    if (value instanceof Date) return new Date(value.getTime() + 1);
    if (typeof value === 'boolean') return !value;
    return typeof value === 'number' ? value + 1 : `${String(value)}x`;
  }
  const inside = (value as Record<string, unknown>)[key];
  if (Array.isArray(value)) return value.with(Number(key), tamper(inside, rest));
  return { ...(value as object), [key]: tamper(inside, rest) };
}

describe('quote signature', () => {
  it('holds for what was signed, whatever the order of the keys', () => {
    const quote = sealed();
    const reversed = Object.fromEntries(Object.entries(quote).reverse()) as unknown as QuoteRow;
    expect(isGenuineQuote(reversed, SECRET)).toBe(true);
  });

  it('does not cover whether the quote was used', () => {
    expect(isGenuineQuote({ ...sealed(), usedAt: new Date(), orderId: 'x', replacedBy: 'y' }, SECRET)).toBe(true);
  });

  it('breaks when any single leaf of the terms changes', () => {
    const { usedAt: _usedAt, orderId: _orderId, replacedBy: _replacedBy, signature, ...terms } = sealed(SCHEDULED);
    const leaves = leavesOf(terms);
    expect(leaves.length).toBeGreaterThan(40);
    for (const leaf of leaves) {
      const changed = {
        ...(tamper(terms, leaf) as QuoteRow),
        signature,
        usedAt: null,
        orderId: null,
        replacedBy: null,
      };
      expect(isGenuineQuote(changed, SECRET), leaf.join('.')).toBe(false);
    }
  });

  it('breaks when a line is added or taken away', () => {
    const quote = sealed();
    expect(isGenuineQuote({ ...quote, items: [] }, SECRET)).toBe(false);
    expect(isGenuineQuote({ ...quote, items: [...quote.items, ...quote.items] }, SECRET)).toBe(false);
  });

  it.each(['', 'zz', '00', 'not hexadecimal at all', 7, null, undefined, { $ne: '' }, ['ab']])(
    'refuses the signature %j without throwing',
    (signature) => {
      expect(isGenuineQuote({ ...sealed(), signature: signature as string }, SECRET)).toBe(false);
    },
  );

  it('depends on the secret', () => {
    expect(isGenuineQuote(sealed(), `${SECRET}x`)).toBe(false);
  });

  it('signs a text that names its form and holds dates in ISO form', () => {
    const text = quoteText(buildQuote({ expiresAt: new Date('2026-11-20T12:38:00Z') }));
    expect(text.startsWith('quickbite-quote-v2\n{"_id":')).toBe(true);
    expect(text).toContain('"expiresAt":"2026-11-20T12:38:00.000Z"');
  });
});
