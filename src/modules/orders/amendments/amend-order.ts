/** An order as it would be after an amendment. Pure. */
import { repriceOrder, type Breakdown, type LineChange } from '../../pricing/index.ts';
import type { OrderItem, OrderRecord } from '../order.model.ts';
import type { AmendmentChange } from './amendment.model.ts';

interface AmendedOrder {
  items: OrderItem[];
  pricing: Breakdown;
}

type Agreed = Pick<OrderRecord, 'items' | 'pricing'>;

/** Never dearer than agreed. Null where no line is left. */
export function amendOrder(agreed: Agreed, changes: readonly AmendmentChange[]): AmendedOrder | null {
  const byLine = new Map(changes.map((change) => [change.lineId, change]));
  const items = agreed.items.flatMap((item) => amendItem(item, byLine.get(item.lineId)));
  if (items.length === 0) return null;
  const pricing = repriceOrder(agreed.pricing, changes.map(toLineChange));
  const priced = new Map(pricing.lines.map((line) => [line.id, line]));
  return {
    items: items.map((item) => ({ ...item, lineTotalMinor: priced.get(item.lineId)?.subtotalMinor ?? 0 })),
    pricing,
  };
}

/** What is left of a proposal for who wants nothing in the place of what has run out. */
export function withoutSubstitutes(changes: readonly AmendmentChange[]): AmendmentChange[] {
  return changes.map((change) => {
    const { lineId, isSoldOut } = change;
    return change.kind === 'substitute' ? { kind: 'remove', lineId, isSoldOut } : change;
  });
}

function amendItem(item: OrderItem, change: AmendmentChange | undefined): OrderItem[] {
  if (change === undefined) return [item];
  if (change.kind === 'remove') return [];
  if (change.kind === 'reduce') return [{ ...item, quantity: change.quantity }];
  const { taxCategory: _taxCategory, ...substitute } = change.substitute;
  return [{ ...substitute, lineTotalMinor: 0 }];
}

function toLineChange(change: AmendmentChange): LineChange {
  const { lineId } = change;
  if (change.kind === 'remove') return { kind: 'remove', lineId };
  if (change.kind === 'reduce') return { kind: 'quantity', lineId, quantity: change.quantity };
  const { lineId: id, unitPriceMinor: unitMinor, quantity, taxCategory } = change.substitute;
  return { kind: 'replace', lineId, with: { id, unitMinor, quantity, taxCategory } };
}
