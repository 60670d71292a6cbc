import { money, type Money } from '../../shared/money.ts';
import type { Breakdown, PricedLine } from './breakdown.ts';
import type { PricingView } from './pricing.schema.ts';

/** What a line bears of the discount and of the tax; nothing where it has no price. */
export function toChargesView(line: PricedLine | undefined, currency: string): { discount: Money; tax: Money } {
  return { discount: money(line?.discountMinor ?? 0, currency), tax: money(line?.taxMinor ?? 0, currency) };
}

/** `couponCode`: of the coupon whose discount the breakdown holds; null: none. */
export function toPricingView(pricing: Breakdown, couponCode: string | null): PricingView {
  const inCurrency = (amountMinor: number): Money => money(amountMinor, pricing.currency);
  return {
    items: inCurrency(pricing.itemsMinor),
    deliveryFee: inCurrency(pricing.deliveryFeeMinor),
    serviceFee: inCurrency(pricing.serviceFeeMinor),
    packagingFee: inCurrency(pricing.packagingFeeMinor),
    smallOrderFee: inCurrency(pricing.smallOrderFeeMinor),
    discount:
      couponCode === null
        ? null
        : {
            code: couponCode,
            items: inCurrency(pricing.itemsDiscountMinor),
            delivery: inCurrency(pricing.deliveryDiscountMinor),
          },
    taxes: pricing.taxes.map(({ category, basisPoints, taxableMinor, taxMinor }) => ({
      category,
      basisPoints,
      taxable: inCurrency(taxableMinor),
      tax: inCurrency(taxMinor),
    })),
    tax: inCurrency(pricing.taxMinor),
    pricesIncludeTax: pricing.pricesIncludeTax,
    tip: inCurrency(pricing.tipMinor),
    total: inCurrency(pricing.totalMinor),
  };
}
