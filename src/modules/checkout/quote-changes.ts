import { toLineViews } from '../orders/index.ts';
import { toPricingView } from '../pricing/index.ts';
import { toEtaView, toSlotView } from './checkout.presenter.ts';
import type { QuoteTerms } from './quote.model.ts';

/** What was promised and holds no longer, by its place in the old quote as its customer sees it. */
export interface QuoteChange {
  path: string;
  before: unknown;
  after: unknown;
}

/**
 * Everything that the customer was promised: dishes, prices, fees, taxes, coupon, slot, and how long it takes. The clock alone moves the
 * arrival, too, and an order keeps the one of its quote; so a change is only what takes longer than was promised.
 */
export function changesOf(before: QuoteTerms, after: QuoteTerms): QuoteChange[] {
  const left = new Map(toLineViews(after.items, after.pricing).map((line) => [line.lineId, line]));
  const items = toLineViews(before.items, before.pricing).flatMap((line, index) => {
    const current = left.get(line.lineId);
    const path = `items.${index}`;
    return current === undefined ? [{ path, before: line.name, after: null }] : differences(path, line, current);
  });
  return [
    ...items,
    ...differences('pricing', pricingOf(before), pricingOf(after)),
    ...differences('slot', toSlotView(before.slot), toSlotView(after.slot)),
    ...(takesOf(after) > takesOf(before) ? differences('eta', toEtaView(before), toEtaView(after)) : []),
  ];
}

function pricingOf({ pricing, coupon }: QuoteTerms) {
  return toPricingView(pricing, coupon?.code ?? null);
}

/** From the quote to the end of its window. A slot stands in the calendar: only its way can take longer. */
function takesOf({ slot, eta, createdAt }: QuoteTerms): number {
  return eta.to.getTime() - (slot?.startAt ?? createdAt).getTime();
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
