import {
  discountLabel,
  leftMinor,
  namedLine,
  refundPairs,
  styleOfOrder,
  totalOf,
  totalsOf,
  type BilledOrder,
  type BilledRefund,
} from './bill.ts';
import { columnsOf, type Fact, type Paper, type Row, type Table, type Total } from './paper.ts';
import { restaurantSeller, sellerFacts, type Seller } from './sellers.ts';
import type { Style } from './style.ts';
import { taxTable } from './tax-table.ts';

/** What the customer bought, line by line as agreed, what came back, and what it cost in the end. Pure. */
export function receiptOf(
  order: BilledOrder,
  { refunds, platform }: { refunds: readonly BilledRefund[]; platform: Seller },
): Paper {
  const style = styleOfOrder(order);
  const { texts, language } = style;
  return {
    title: `QuickBite · ${texts.receipt}`,
    ...{ language, issuedAt: order.endedAt },
    sections: [
      {
        ...{ heading: '', isOwnPage: false },
        facts: [
          [texts.order, order.number],
          [texts.date, style.time(order.endedAt)],
          [texts.restaurant, order.restaurant.name],
          ['', order.restaurant.addressLine],
          ...sellerFacts(restaurantSeller(order), texts.issuer, style),
          ...sellerFacts(platform, texts.platform, style),
          [texts.payment, texts[order.paymentMethod]],
          ...outcomeOf(order, style),
        ],
        tables: [itemTable(order, style)],
        totals: charged(order, refunds, style),
      },
      {
        heading: '',
        isOwnPage: false,
        facts: [],
        tables: [taxTable(order.pricing.taxes, order.pricing, style)],
        totals: [],
      },
    ],
  };
}

function outcomeOf({ status }: BilledOrder, { texts }: Style): Fact[] {
  const outcome = texts.outcomes[status];
  return outcome === undefined ? [] : [[texts.status, outcome]];
}

function itemTable(order: BilledOrder, style: Style): Table {
  const { texts, money } = style;
  const rows = order.pricing.lines.map<Row>((line) => {
    const { name, detail } = namedLine(order, line, style);
    const reduction = line.reductionMinor === 0 ? '' : `${texts.reduction} ${money(-line.reductionMinor)}`;
    return {
      cells: [name, String(line.quantity), money(line.unitMinor), money(line.subtotalMinor)],
      detail: [detail, reduction].filter((part) => part !== '').join(' · '),
    };
  });
  return {
    columns: columnsOf([texts.item, 0.54], [texts.quantity, 0.08], [texts.price, 0.19], [texts.amount, 0.19]),
    rows,
  };
}

function charged(order: BilledOrder, refunds: readonly BilledRefund[], style: Style): Total[] {
  const { pricing } = order;
  const { texts, taxName } = style;
  return [
    totalOf(texts.items, pricing.itemsMinor, style),
    ...totalsOf(
      [
        [discountLabel(texts.discount, order), -pricing.itemsDiscountMinor],
        // What was brought for nothing, too.
        [texts.delivery, pricing.deliveryFeeMinor, order.status === 'delivered' && order.mode === 'delivery'],
        [discountLabel(texts.deliveryDiscount, order), -pricing.deliveryDiscountMinor],
        [texts.service, pricing.serviceFeeMinor],
        [texts.packaging, pricing.packagingFeeMinor],
        [texts.smallOrder, pricing.smallOrderFeeMinor],
        [taxName, pricing.pricesIncludeTax ? 0 : pricing.taxMinor],
        [texts.tip, pricing.tipMinor],
      ],
      style,
    ),
    { ...totalOf(texts.total, pricing.totalMinor, style), isStrong: true },
    ...totalsOf(refundPairs(order, refunds, style), style),
    { ...totalOf(texts.left, leftMinor(order, refunds), style), isStrong: true },
  ];
}
