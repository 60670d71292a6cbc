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

export interface ProviderEvent {
  id: string;
  type: string;
  /** Null for events that are not about an intent. */
  record: ProviderRecord | null;
}
