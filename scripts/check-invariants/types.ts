import type { mongo } from 'mongoose';
import type { DeliveryRecord } from '../../src/modules/deliveries/delivery.model.ts';
import type { OfferRecord } from '../../src/modules/deliveries/offer.model.ts';
import type { LedgerEntry } from '../../src/modules/ledger/ledger-entry.model.ts';
import type { StockClaimRow } from '../../src/modules/menu/stock/stock-claim.model.ts';
import type { AmendmentRecord } from '../../src/modules/orders/amendments/amendment.model.ts';
import type { OrderEventRecord } from '../../src/modules/orders/order-event.model.ts';
import type { OrderRecord } from '../../src/modules/orders/order.model.ts';
import type { PaymentRecord } from '../../src/modules/payments/payment.model.ts';
import type { RefundRecord } from '../../src/modules/payments/refunds/refund.model.ts';
import type { RedemptionRow } from '../../src/modules/promotions/coupon-use.model.ts';
import type { BookReport } from '../local-cloud/control-client.ts';

/** One place at which an invariant does not hold. */
export interface Violation {
  /** Of the rows concerned, by kind, such as `{ order: '…', payment: '…' }`. */
  ids: Record<string, string>;
  /** In one sentence, with the figures. */
  problem: string;
}

interface Named {
  /** Kebab-case, unique. */
  name: string;
  /** Where it is demanded: domain.md section 2 (1-8), bar.md 2.2 (I1-I11). */
  source: string;
}

/** Everything that is written about one order, as of one moment. */
export interface OrderCase {
  order: OrderRecord;
  events: OrderEventRecord[];
  payment: PaymentRecord | null;
  /** Of that payment. */
  refunds: RefundRecord[];
  /** Given after the delivery: payments of their own, each with its refunds. */
  tips: { tip: PaymentRecord; refunds: RefundRecord[] }[];
  delivery: DeliveryRecord | null;
  offers: OfferRecord[];
  entries: LedgerEntry[];
  amendments: AmendmentRecord[];
  redemption: RedemptionRow | null;
  stockClaim: StockClaimRow | null;
  /** Kinds of the timers that wait for it. */
  timers: string[];
}

export interface Moment {
  at: Date;
  /** How long the system may take to draw the consequences of an end: 15 minutes, or nothing where it is said to be at rest. */
  graceMs: number;
}

/** Judged order by order: the rows of an order are read once for all of these. */
export interface OrderInvariant extends Named {
  /** What is wrong with it; empty: nothing. */
  judge: (one: OrderCase, moment: Moment) => readonly string[];
}

export interface Scope extends Moment {
  db: mongo.Db;
  /** Null: the provider was not named. */
  book: BookReport | null;
}

/** Judged over whole collections. */
export interface DatabaseInvariant extends Named {
  find: (scope: Scope) => AsyncIterable<Violation>;
  /** Not judged without the provider's book. */
  needsBook?: boolean;
}
