export type ProviderStatus = 'requires_payment' | 'requires_action' | 'authorized' | 'captured' | 'voided';

/** What the provider says of one intent, in our words. */
export interface ProviderRecord {
  intentId: string;
  /** As we wrote them into the intent's metadata; null where somebody else made it. */
  paymentId: string | null;
  orderId: string | null;
  status: ProviderStatus;
  amountMinor: number;
  currency: string;
  /** Held for us. */
  amountCapturableMinor: number;
  amountCapturedMinor: number;
  /** Real money, as against a test of the provider. */
  isLive: boolean;
  clientSecret: string | null;
  failureCode: string | null;
}

/** What it says of one refund. */
export interface ProviderRefund {
  providerRefundId: string;
  /** Ours, from the metadata; null where somebody else made it. */
  refundId: string | null;
  /** Which making of it: a refund that failed is made anew. */
  attempt: number;
  intentId: string | null;
  amountMinor: number;
  currency: string;
  status: 'processing' | 'succeeded' | 'failed';
  failureCode: string | null;
}

/** The customer's bank wants the money back. */
export interface ProviderDispute {
  disputeId: string;
  intentId: string | null;
  amountMinor: number;
  currency: string;
  reason: string;
  /** An inquiry moves no money; it may become a dispute. */
  status: 'inquiry' | 'open' | 'won' | 'lost';
}

/** A card that the provider has saved for one of our customers. */
export interface ProviderCard {
  /** Ours, from the metadata. */
  userId: string | null;
  providerCustomerId: string;
  paymentMethodId: string;
  brand: string;
  last4: string;
  expMonth: number;
  expYear: number;
}

/** What an event is about; `charge` carries only what all its refunds come to. */
export type ProviderNews =
  | { kind: 'intent'; record: ProviderRecord }
  | { kind: 'refund'; refund: ProviderRefund }
  | { kind: 'charge'; intentId: string | null; amountRefundedMinor: number }
  | { kind: 'dispute'; dispute: ProviderDispute }
  | { kind: 'card_saved'; setupIntentId: string }
  | { kind: 'other' };

export interface ProviderEvent {
  id: string;
  type: string;
  isLive: boolean;
  news: ProviderNews;
}
