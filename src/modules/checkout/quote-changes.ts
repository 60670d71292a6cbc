import { toItemView } from '../orders/index.ts';
import { toPricingView } from '../pricing/index.ts';
import { toSlotView } from './checkout.presenter.ts';
import type { QuoteTerms } from './quote.model.ts';

/** What was promised and holds no longer, by its place in the old quote as its customer sees it. */
export interface QuoteChange {
  path: string;
  before: unknown;
  after: unknown;
}

/**
 * Everything that the customer was promised: dishes, prices, fees, taxes, coupon, slot. Not the arrival, which the clock alone moves: an
 * order keeps the one of its quote.
 */
export function changesOf(before: QuoteTerms, after: QuoteTerms): QuoteChange[] {
  const left = new Map(after.items.map((item) => [item.lineId, item]));
  const items = before.items.flatMap((item, index) => {
    const current = left.get(item.lineId);
    const path = `items.${index}`;
    if (current === undefined) return [{ path, before: item.name, after: null }];
    return differences(path, toItemView(item, before.currency), toItemView(current, after.currency));
  });
  return [
    ...items,
    ...differences('pricing', pricingOf(before), pricingOf(after)),
    ...differences('slot', toSlotView(before.slot), toSlotView(after.slot)),
  ];
}

function pricingOf({ pricing, coupon }: QuoteTerms) {
  return toPricingView(pricing, coupon?.code ?? null);
}

function differences(path: string, before: unknown, after: unknown): QuoteChange[] {
  if (before === after) return [];
  if (!isTree(before) || !isTree(after)) return [{ path, before: before ?? null, after: after ?? null }];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => differences(`${path}.${key}`, before[key], after[key]));
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
