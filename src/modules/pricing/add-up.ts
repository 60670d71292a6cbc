import type { Breakdown, DiscountTerms, Fees, PricedLine } from './breakdown.ts';
import { deliveryDiscountOf, lineDiscountsOf } from './discounts.ts';
import { assertAmount, sum } from './sums.ts';
import { taxOf } from './taxes.ts';

/** Everything that is decided before the adding up. */
export interface Bill {
  currency: string;
  pricesIncludeTax: boolean;
  taxRates: Readonly<Record<string, number>>;
  taxParts?: number | undefined;
  lines: readonly BillLine[];
  fees: Fees;
  discount: DiscountTerms | null;
  tipMinor: number;
}

export type BillLine = Pick<PricedLine, 'id' | 'quantity' | 'unitMinor' | 'reductionMinor' | 'taxCategory'>;

/** Discounts first, then the tax on what is left of each line and fee, then the total. @throws RangeError */
export function addUp(bill: Bill): Breakdown {
  assertBill(bill);
  const { currency, pricesIncludeTax, taxRates, taxParts = 1, fees, discount, tipMinor } = bill;
  const lines = bill.lines.map((line) => ({ ...line, subtotalMinor: subtotalOf(line) }));
  const discountByLine = lineDiscountsOf(discount, lines);
  const deliveryDiscountMinor = deliveryDiscountOf(discount, fees.deliveryFeeMinor);
  const discounted = lines.map((line) => ({ ...line, discountMinor: discountByLine.get(line.id) ?? 0 }));
  const charges = [
    ...discounted.map(({ id, taxCategory, subtotalMinor, discountMinor }) => ({
      ...{ id: chargeId(id), category: taxCategory, amountMinor: subtotalMinor - discountMinor },
    })),
    { id: 'delivery', category: 'delivery', amountMinor: fees.deliveryFeeMinor - deliveryDiscountMinor },
    { id: 'packaging', category: 'packaging', amountMinor: fees.packagingFeeMinor },
    { id: 'service', category: 'service', amountMinor: fees.serviceFeeMinor },
    { id: 'small-order', category: 'service', amountMinor: fees.smallOrderFeeMinor },
  ];
  const { taxes, taxByCharge } = taxOf(charges, bill);
  const taxOfCharge = (id: string): number => taxByCharge.get(id) ?? 0;
  const taxMinor = sum(taxes.map((tax) => tax.taxMinor));
  return {
    ...{ currency, pricesIncludeTax, taxRates, discount, ...fees, taxes, taxMinor, tipMinor, deliveryDiscountMinor },
    ...(taxParts === 1 ? {} : { taxParts }),
    lines: discounted.map((line) => totalled(line, taxOfCharge(chargeId(line.id)), pricesIncludeTax)),
    itemsMinor: sum(lines.map(({ subtotalMinor }) => subtotalMinor)),
    itemsDiscountMinor: sum([...discountByLine.values()]),
    feeTaxMinor: {
      delivery: taxOfCharge('delivery'),
      service: taxOfCharge('service'),
      packaging: taxOfCharge('packaging'),
      smallOrder: taxOfCharge('small-order'),
    },
    totalMinor: sum([...charges.map(({ amountMinor }) => amountMinor), tipMinor, pricesIncludeTax ? 0 : taxMinor]),
  };
}

/** No line can be taken for a fee. */
function chargeId(lineId: string): string {
  return `line/${lineId}`;
}

function totalled(
  line: Omit<PricedLine, 'taxMinor' | 'totalMinor'>,
  taxMinor: number,
  isIncluded: boolean,
): PricedLine {
  const { id, quantity, unitMinor, reductionMinor, subtotalMinor, discountMinor, taxCategory } = line;
  const netMinor = subtotalMinor - discountMinor;
  return {
    ...{ id, quantity, unitMinor, reductionMinor, subtotalMinor, discountMinor, taxCategory, taxMinor },
    totalMinor: isIncluded ? netMinor : netMinor + taxMinor,
  };
}

function subtotalOf({ unitMinor, quantity, reductionMinor }: BillLine): number {
  return unitMinor * quantity - reductionMinor;
}

function assertBill({ lines, fees, discount, tipMinor }: Bill): void {
  const fromLines = lines.flatMap((line) => [line.unitMinor, line.reductionMinor, line.quantity, subtotalOf(line)]);
  const { deliveryFeeMinor, serviceFeeMinor, packagingFeeMinor, smallOrderFeeMinor } = fees;
  const charged = [deliveryFeeMinor, serviceFeeMinor, packagingFeeMinor, smallOrderFeeMinor, tipMinor];
  for (const amount of [...fromLines, ...charged, discount?.maxDiscountMinor ?? 0]) assertAmount(amount);
  for (const { quantity } of lines) {
    if (quantity < 1) throw new RangeError(`quantity below one: ${quantity}`);
  }
  if (new Set(lines.map(({ id }) => id)).size < lines.length) throw new RangeError('two lines with one id');
}
