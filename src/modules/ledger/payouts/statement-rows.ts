import type { BookedOrder } from '../../orders/index.ts';
import type { PayableRow, Party } from '../payable.model.ts';
import { courierShareOf, foodTaxOf, restaurantShareOf, sumOf, type Share } from '../shares.ts';

/** The amounts of a row, in the order of its columns: with `other` they are all that its figure consists of. */
export const STATEMENT_COLUMNS = {
  restaurant: [
    ...['items', 'packaging', 'tax', 'discount', 'freeDelivery', 'commission', 'cancellationFee', 'reduction'],
    ...['fault', 'refund', 'other'],
  ],
  courier: ['way', 'tip', 'fault', 'refund', 'cashCollected', 'cashDeposit', 'other'],
} as const satisfies Record<Party, readonly string[]>;

export type StatementColumn = (typeof STATEMENT_COLUMNS)[Party][number];

/** One posting: what an order came to, or what came of it later. */
export interface StatementRow {
  at: Date;
  kind: PayableRow['kind'];
  /** Of what is posted: the order, the refund, the payment … */
  sourceId: string;
  order: { number: string; restaurantName: string; status: string } | null;
  /** Positive: to them. */
  amounts: Share<StatementColumn>;
  /** What was posted: the sum of the amounts. */
  netMinor: number;
  /** Of the commission; null: there is none. */
  commissionBasisPoints: number | null;
  /** Within items and packaging, where their prices contain it: no amount of its own. */
  includedTaxMinor: number;
}

type Posted = Pick<PayableRow, 'kind' | 'sourceId' | 'party' | 'amountMinor' | 'createdAt'>;

/** What was posted, with its reasons. What they do not explain is `other`, so that the amounts always sum to it. Pure. */
export function statementRowOf(posted: Posted, order: BookedOrder | null): StatementRow {
  const { createdAt: at, kind, sourceId, amountMinor: netMinor } = posted;
  const parts: Share<StatementColumn> = partsOf(posted, order);
  const isFood = (parts.items ?? 0) !== 0 && order?.pricing.pricesIncludeTax === true;
  return {
    ...{ at, kind, sourceId, netMinor, amounts: { ...parts, other: netMinor - sumOf(parts) } },
    order: order && { number: order.number, restaurantName: order.restaurant.name, status: order.status },
    commissionBasisPoints: order !== null && (parts.commission ?? 0) !== 0 ? order.commissionBasisPoints : null,
    includedTaxMinor: isFood ? foodTaxOf(order) : 0,
  };
}

const COLUMN_OF_KIND: Partial<Record<PayableRow['kind'], StatementColumn>> = {
  tip: 'tip',
  refund_charge: 'refund',
  cash_collected: 'cashCollected',
  cash_deposit: 'cashDeposit',
};

function partsOf({ kind, sourceId, party, amountMinor }: Posted, order: BookedOrder | null): Share<StatementColumn> {
  // What changed a sale later is posted under another number.
  if (kind === 'sale' && order !== null && sourceId === order._id) {
    return party === 'restaurant' ? restaurantShareOf(order) : courierShareOf(order);
  }
  const column = COLUMN_OF_KIND[kind];
  return column === undefined ? {} : { [column]: amountMinor };
}

/** Column by column. */
export function totalsOf(rows: readonly StatementRow[]): Share<StatementColumn> {
  const totals: Share<StatementColumn> = {};
  for (const { amounts } of rows) {
    for (const [column, amountMinor] of Object.entries(amounts) as [StatementColumn, number][]) {
      totals[column] = (totals[column] ?? 0) + amountMinor;
    }
  }
  return totals;
}
