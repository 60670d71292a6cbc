import type { PricedTax } from '../../pricing/index.ts';
import { namedLine, styleOfOrder, type BilledOrder } from './bill.ts';
import type { Issuer } from './sellers.ts';
import type { Style } from './style.ts';

export interface Charge {
  /** Of the dish; null: a fee. */
  lineId: string | null;
  name: string;
  detail: string;
  quantity: number;
  /** Inclusive of tax where prices are. */
  netMinor: number;
  taxMinor: number;
  category: string;
}

/** What an issuer charges for. Both together, with the tip, are the order's total. */
export function chargesOf(order: BilledOrder, issuer: Issuer, style: Style): Charge[] {
  const { pricing } = order;
  const { texts } = style;
  const fee = (name: string, category: string, { netMinor, taxMinor }: Pick<Charge, 'netMinor' | 'taxMinor'>) =>
    netMinor === 0 ? [] : [{ name, category, netMinor, taxMinor, lineId: null, detail: '', quantity: 1 }];
  const { feeTaxMinor: tax } = pricing;
  if (issuer === 'restaurant') {
    const lines = pricing.lines.map((line) => ({
      ...{ ...namedLine(order, line, style), lineId: line.id },
      ...{ quantity: line.quantity, netMinor: line.subtotalMinor - line.discountMinor },
      ...{ taxMinor: line.taxMinor, category: line.taxCategory },
    }));
    const packaging = { netMinor: pricing.packagingFeeMinor, taxMinor: tax.packaging };
    return [...lines, ...fee(texts.packaging, 'packaging', packaging)];
  }
  const delivery = { netMinor: pricing.deliveryFeeMinor - pricing.deliveryDiscountMinor, taxMinor: tax.delivery };
  return [
    ...fee(texts.delivery, 'delivery', delivery),
    ...fee(texts.service, 'service', { netMinor: pricing.serviceFeeMinor, taxMinor: tax.service }),
    ...fee(texts.smallOrder, 'service', { netMinor: pricing.smallOrderFeeMinor, taxMinor: tax.smallOrder }),
  ];
}

/** What the customer pays of a charge. */
export function grossOf({ netMinor, taxMinor }: Charge, { pricing }: BilledOrder): number {
  return netMinor + (pricing.pricesIncludeTax ? 0 : taxMinor);
}

export function invoicedMinor(order: BilledOrder, issuer: Issuer): number {
  return sum(chargesOf(order, issuer, styleOfOrder(order)).map((charge) => grossOf(charge, order)));
}

/** No category is of both: dishes and packaging are the restaurant's, delivery and service ours. */
export function taxesOf({ pricing }: BilledOrder, charges: readonly Charge[]): PricedTax[] {
  return pricing.taxes.filter(({ category }) => charges.some((charge) => charge.category === category));
}

export function sum(amounts: readonly number[]): number {
  return amounts.reduce((a, b) => a + b, 0);
}
