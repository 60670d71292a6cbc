import type { Breakdown } from '../../src/modules/pricing/index.ts';
import type { DatabaseInvariant, OrderCase, OrderInvariant } from './types.ts';

type Item = OrderCase['order']['items'][0];

/** What was bought, and for how much. */
export const BILL_INVARIANTS: readonly OrderInvariant[] = [
  {
    name: 'bill-adds-up',
    source: 'bar I3',
    judge: ({ order: { items, pricing } }) => [...sumsOf(pricing), ...items.flatMap((item) => lineOf(item, pricing))],
  },
];

export const DISPUTE_INVARIANTS: readonly DatabaseInvariant[] = [
  {
    name: 'disputes-sum-to-payment',
    source: 'bar I3',
    async *find({ db }) {
      const rows = db.collection('payments').aggregate<{ _id: string; disputedMinor: number; taken: number }>([
        { $match: { disputedMinor: { $gt: 0 } } },
        {
          $lookup: {
            ...{ from: 'disputes', localField: '_id', foreignField: 'paymentId', as: 'disputes' },
            pipeline: [{ $match: { status: { $ne: 'won' } } }],
          },
        },
        { $project: { disputedMinor: 1, taken: { $sum: '$disputes.heldMinor' } } },
        { $match: { $expr: { $ne: ['$disputedMinor', '$taken'] } } },
      ]);
      for await (const { _id: payment, disputedMinor, taken } of rows) {
        yield { ids: { payment }, problem: `it says ${disputedMinor} disputed, its disputes ${taken}` };
      }
    },
  },
  {
    name: 'dispute-is-posted-as-it-moved',
    source: 'bar I4',
    async *find({ db }) {
      const movements = { $concatArrays: [['$_id'], [{ $concat: ['$_id', '-won'] }]] };
      const rows = db.collection('disputes').aggregate<{ _id: string; gone: number; posted: number }>([
        { $set: { gone: { $cond: [{ $eq: ['$status', 'won'] }, 0, '$amountMinor'] }, movements } },
        {
          $lookup: {
            ...{ from: 'ledger_entries', localField: 'movements', foreignField: 'sourceId', as: 'entries' },
            pipeline: [
              { $match: { kind: 'dispute' } },
              { $unwind: '$lines' },
              { $match: { 'lines.account': 'provider_clearing' } },
            ],
          },
        },
        { $set: { posted: { $subtract: [0, { $sum: '$entries.lines.amountMinor' }] } } },
        { $match: { $expr: { $ne: ['$gone', '$posted'] } } },
      ]);
      for await (const { _id: dispute, gone, posted } of rows) {
        yield { ids: { dispute }, problem: `the bank has ${gone} of it, ${posted} is posted` };
      }
    },
  },
];

/** The sentence over `Breakdown`, once more. */
function sumsOf(pricing: Breakdown): string[] {
  const { lines, taxes, itemsMinor, itemsDiscountMinor, deliveryDiscountMinor, taxMinor, tipMinor, totalMinor } =
    pricing;
  const fees =
    pricing.deliveryFeeMinor + pricing.serviceFeeMinor + pricing.packagingFeeMinor + pricing.smallOrderFeeMinor;
  const addedTax = pricing.pricesIncludeTax ? 0 : taxMinor;
  const feeTaxes = Object.values(pricing.feeTaxMinor);
  return [
    unequal('items', itemsMinor, total(lines.map(({ subtotalMinor }) => subtotalMinor))),
    unequal('discount', itemsDiscountMinor, total(lines.map(({ discountMinor }) => discountMinor))),
    unequal('tax by category', taxMinor, total(taxes.map((tax) => tax.taxMinor))),
    unequal('tax by line and fee', taxMinor, total([...lines.map((line) => line.taxMinor), ...feeTaxes])),
    unequal('total', totalMinor, itemsMinor + fees - itemsDiscountMinor - deliveryDiscountMinor + tipMinor + addedTax),
  ].flat();
}

function lineOf({ lineId, quantity, unitPriceMinor, lineTotalMinor }: Item, pricing: Breakdown): string[] {
  const priced = pricing.lines.find(({ id }) => id === lineId);
  if (priced === undefined) return [`line ${lineId} has no price`];
  const { subtotalMinor, reductionMinor, discountMinor, taxMinor, totalMinor } = priced;
  const addedTax = pricing.pricesIncludeTax ? 0 : taxMinor;
  return [
    unequal(`line ${lineId}`, lineTotalMinor, subtotalMinor),
    unequal(`pieces of line ${lineId}`, subtotalMinor, unitPriceMinor * quantity - reductionMinor),
    unequal(`total of line ${lineId}`, totalMinor, subtotalMinor - discountMinor + addedTax),
  ].flat();
}

function total(amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => sum + amount, 0);
}

function unequal(what: string, stored: number, computed: number): string[] {
  return stored === computed ? [] : [`${what}: ${stored} is stored, ${computed} comes out`];
}
