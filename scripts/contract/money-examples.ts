import { settleFailure } from '../../src/modules/deliveries/failure.policy.ts';
import { courierFeeOf } from '../../src/modules/deliveries/new-delivery.ts';
import { saleOf } from '../../src/modules/ledger/sale-of.ts';
import { cancellationOf } from '../../src/modules/orders/cancellation/cancellation.policy.ts';
import type { OrderRecord } from '../../src/modules/orders/order.model.ts';
import { usesCouponUp } from '../../src/modules/orders/coupon.policy.ts';
import { draftOrder } from '../../src/modules/orders/placement.service.ts';
import { priceOrder, repriceOrder, type PricingInput } from '../../src/modules/pricing/index.ts';
import { businessKeys } from '../../src/config/business-env.schema.ts';
import { addMs, dateFrom } from '../../src/shared/clock.ts';
import { idFrom } from '../../src/shared/ids.ts';
import { LIABLE_PARTIES } from '../../src/shared/liable-party.ts';

const AT = dateFrom('2026-11-20T12:00:00.000Z');
const PLACE = { currency: 'INR', pricesIncludeTax: false, taxRates: { food: 500, beverage: 1_200, delivery: 1_800 } };

/** Two biryanis and a lassi, brought over three kilometers, with a tip: what the page tells its stories about. */
const BOUGHT: PricingInput = {
  ...PLACE,
  lines: [
    { id: 'biryani', unitPriceMinor: 24_900, optionPricesMinor: [], quantity: 2, taxCategory: 'food' },
    { id: 'lassi', unitPriceMinor: 6_000, optionPricesMinor: [], quantity: 1, taxCategory: 'beverage' },
  ],
  distanceMeters: 3_000,
  feeTable: { bands: [{ upToMeters: 8_000, feeMinor: 4_000 }], freeDeliveryOverMinor: null },
  ...{ serviceFeeMinor: 900, packagingFeeMinor: 1_500, tipMinor: 2_000 },
};
const BILL = priceOrder(BOUGHT);

const ORDER: OrderRecord = {
  ...draftOrder({
    ...{ orderId: idFrom('money', 'order'), paymentId: idFrom('money', 'payment'), quoteId: idFrom('money', 'quote') },
    ...{
      customerId: 'customer',
      restaurantId: 'restaurant',
      ownerId: 'owner',
      currency: 'INR',
      items: [],
      pricing: BILL,
    },
    restaurant: { name: '', addressLine: '', phone: null, location: { lat: 0, lng: 0 }, timeZone: 'Asia/Kolkata' },
    ...{ mode: 'delivery', slot: null, releaseAt: null, deliveryAddress: null, distanceMeters: 3_000 },
    ...{ paymentMethod: 'card', coupon: null, replacement: 'refund_item', promisedAt: AT, prepMinutes: 20 },
    commissionBasisPoints: 2_000,
  }),
  ...{ courierId: 'courier', acceptedAt: AT, createdAt: AT, updatedAt: AT },
};

const COURIER_FEE_MINOR = courierFeeOf(ORDER);

export const EXAMPLES: Record<string, () => string> = { bill, ends, coupons, ways, amendment, deadlines };

function bill(): string {
  const { taxes, deliveryFeeMinor, serviceFeeMinor, packagingFeeMinor, tipMinor, totalMinor } = BILL;
  const rows: [string, number][] = [
    ['2 biryanis at 249.00, a lassi at 60.00', BILL.itemsMinor],
    ['Delivery', deliveryFeeMinor],
    ['Service', serviceFeeMinor],
    ['Packaging', packagingFeeMinor],
    ...taxes.map(({ category, basisPoints, taxMinor }): [string, number] => {
      return [`Tax on ${category}, ${basisPoints / 100} %`, taxMinor];
    }),
    ['Tip', tipMinor],
    ['**Held on the card**', totalMinor],
  ];
  return table(
    ['', 'INR'],
    rows.map(([label, minor]) => [label, inr(minor)]),
  );
}

interface End {
  label: string;
  order: Partial<OrderRecord>;
  wasCooked: boolean;
}

/** What the real policies and the real books make of the order. */
function ends(): string {
  const head = ['How it ends', 'Customer pays', 'Comes back', 'Restaurant gets', 'Courier gets', 'We', 'State'];
  return table(head, listEnds().map(toRow));
}

function listEnds(): End[] {
  const early = cancelled('placed', { role: 'customer' });
  const atOnce = cancelled('accepted', { role: 'customer' }, 30);
  const late = cancelled('accepted', { role: 'customer' }, 300);
  const byKitchen = cancelled('preparing', { role: 'restaurant' });
  const byOffice = cancelled('preparing', { role: 'support', feeMinor: 0, liableParty: 'platform' });
  return [
    { label: 'Delivered', order: { status: 'delivered', courierFeeMinor: COURIER_FEE_MINOR }, wasCooked: true },
    {
      label: 'Rejected, or nobody answered',
      order: { ...early, status: 'rejected', liableParty: 'restaurant' },
      wasCooked: false,
    },
    { label: 'Customer cancels before it is accepted', order: early, wasCooked: false },
    { label: 'Customer cancels within a minute of it', order: atOnce, wasCooked: false },
    { label: 'Customer cancels later, before it is cooked', order: late, wasCooked: false },
    { label: 'Restaurant cancels while it is cooked', order: byKitchen, wasCooked: true },
    { label: 'We cancel while it is cooked, platform liable', order: byOffice, wasCooked: true },
    { label: 'Customer was not at the door', order: failed('customer'), wasCooked: true },
    { label: 'Courier had an accident', order: failed('courier'), wasCooked: true },
  ];
}

/** Who pays for the way when the customer does not. */
function ways(): string {
  const freeDelivery = { kind: 'free_delivery', value: 0, maxDiscountMinor: null, lineIds: null } as const;
  const threshold = { bands: BOUGHT.feeTable?.bands ?? [], freeDeliveryOverMinor: 50_000 };
  const nothing = { bands: [{ upToMeters: 8_000, feeMinor: 0 }], freeDeliveryOverMinor: null };
  const rows = [
    { label: 'The customer pays it', changes: {}, fundedBy: null },
    { label: 'Free over 500.00 at this restaurant', changes: { feeTable: threshold }, fundedBy: null },
    { label: 'A coupon of the restaurant', changes: { discount: freeDelivery }, fundedBy: 'restaurant' },
    { label: 'A coupon of ours', changes: { discount: freeDelivery }, fundedBy: 'platform' },
    { label: 'The restaurant asks nothing for it', changes: { feeTable: nothing }, fundedBy: null },
  ] as const;
  const head = ['The delivery', 'Customer pays', 'Restaurant gets', 'Courier gets', 'We', 'State'];
  return table(
    head,
    rows.map(({ label, changes, fundedBy }) => {
      const pricing = priceOrder({ ...BOUGHT, ...changes });
      const coupon = fundedBy === null ? null : { couponId: '', code: '', discountMinor: 0, fundedBy };
      return [label, ...[pricing.totalMinor, ...sharesOf(delivered(pricing, coupon))].map(inr)];
    }),
  );
}

function delivered(pricing: OrderRecord['pricing'], coupon: OrderRecord['coupon']): OrderRecord {
  const order: OrderRecord = { ...ORDER, pricing, coupon, status: 'delivered', amountDueMinor: pricing.totalMinor };
  return { ...order, courierFeeMinor: courierFeeOf(order) };
}

type By = Parameters<typeof cancellationOf>[1];

function cancelled(status: OrderRecord['status'], by: By, afterSeconds = 0): Partial<OrderRecord> {
  const order: OrderRecord = { ...ORDER, status, paymentStatus: status === 'placed' ? 'authorized' : 'captured' };
  const { feeMinor, liableParty } = cancellationOf(order, by, addMs(AT, afterSeconds * 1000));
  return { status: 'cancelled', amountDueMinor: feeMinor, liableParty, courierId: null };
}

function failed(liableParty: 'customer' | 'courier'): Partial<OrderRecord> {
  const money = { heldMinor: BILL.totalMinor, tipMinor: BILL.tipMinor, feeMinor: COURIER_FEE_MINOR };
  return { status: 'failed', liableParty, ...settleFailure(money, liableParty) };
}

function toRow({ label, order, wasCooked }: End): string[] {
  const dueMinor = order.amountDueMinor ?? BILL.totalMinor;
  return [label, ...[dueMinor, BILL.totalMinor - dueMinor, ...sharesOf({ ...ORDER, ...order }, wasCooked)].map(inr)];
}

/** Restaurant, courier, we, state. */
function sharesOf(order: OrderRecord, wasCooked = true): number[] {
  const lines = saleOf({ ...order, wasCooked });
  const sum = (...accounts: string[]) =>
    lines
      .filter(({ account }) => accounts.includes(account))
      .reduce((total, { amountMinor }) => total + amountMinor, 0);
  return [-sum('restaurant'), -sum('courier'), -sum('platform_revenue', 'platform_costs'), -sum('tax')];
}

/** By the rule itself: each end of an order that was accepted, and who is liable for it. */
function coupons(): string {
  const kept = (status: OrderRecord['status'], changes: Partial<OrderRecord>): string => {
    const end: OrderRecord = { ...ORDER, readyEta: AT, endedAt: addMs(AT, 600_000), status, ...changes };
    return usesCouponUp(end) ? 'used up' : 'given back';
  };
  const ends: Record<string, OrderRecord['status']> = {
    'Delivered or collected': 'delivered',
    'Cancelled after it was accepted': 'cancelled',
    'Lost on the way, or nobody at the door': 'failed',
    'Not collected': 'no_show',
  };
  const rows = Object.entries(ends).map(([label, status]) => {
    return [label, ...LIABLE_PARTIES.map((liableParty) => kept(status, { liableParty }))];
  });
  const unaccepted = { readyEta: null, acceptedAt: null };
  const free = { endedAt: addMs(AT, 59_000) };
  return table(
    ['How it ends, and who is liable', ...LIABLE_PARTIES],
    [
      [
        'Before it is accepted, however',
        ...LIABLE_PARTIES.map((by) => kept('cancelled', { ...unaccepted, liableParty: by })),
      ],
      [
        'Cancelled within a minute of that',
        ...LIABLE_PARTIES.map((by) => kept('cancelled', { ...free, liableParty: by })),
      ],
      ...rows,
    ],
  );
}

function amendment(): string {
  const after = repriceOrder(BILL, [{ kind: 'remove', lineId: 'lassi' }]);
  return table(
    ['The lassi has run out', 'INR'],
    [
      ['Agreed and held', inr(BILL.totalMinor)],
      ['Due without it', inr(after.totalMinor)],
      ['Comes back', inr(BILL.totalMinor - after.totalMinor)],
    ],
  );
}

const DEADLINES = {
  PAY_TIMEOUT_SECONDS: 'An order that is not paid expires',
  ACCEPT_TIMEOUT_SECONDS: 'An order that the restaurant does not answer expires, and the hold is freed',
  AMENDMENT_ANSWER_SECONDS: 'A customer who does not answer an amendment gets the stored preference',
  PAY_AGAIN_SECONDS: 'A customer whose capture was refused may pay again',
  NO_SHOW_SECONDS: 'Food that nobody collects is given up',
  DROPOFF_WAIT_SECONDS: 'A courier waits at the door',
  HOLD_WATCH_SECONDS: 'A hold that is not captured is renewed or given up',
  PAYOUT_DELAY_SECONDS: 'What restaurant and courier earned becomes payable',
} as const;

function deadlines(): string {
  const rows = Object.entries(DEADLINES).map(([key, what]) => {
    const seconds = businessKeys[key as keyof typeof DEADLINES].parse(undefined);
    return [what, duration(seconds), `\`${key}\``];
  });
  return table(['What', 'After', 'Set by'], rows);
}

function duration(seconds: number): string {
  const units = [
    [86_400, 'days'],
    [3_600, 'hours'],
    [60, 'minutes'],
  ] as const;
  const [length, unit] = units.find(([one]) => seconds % one === 0 && seconds > one) ?? [1, 'seconds'];
  return `${seconds / length} ${unit}`;
}

function inr(minor: number): string {
  return (minor / 100).toFixed(2);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}
