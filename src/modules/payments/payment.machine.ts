/** The payment machine of domain.md section 2.2 as a table. Pure. */

export const PAYMENT_STATUSES = [
  'requires_payment',
  'requires_action',
  'authorized',
  'capturing',
  'captured',
  'partially_refunded',
  'refunded',
  'voiding',
  'voided',
  'failed',
  'expired',
  'disputed',
  'cod_due',
  'cod_collected',
  'settled',
] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

const NEXT: Record<PaymentStatus, readonly PaymentStatus[]> = {
  requires_payment: ['requires_action', 'authorized', 'captured', 'voiding', 'voided', 'failed', 'expired'],
  requires_action: ['requires_payment', 'authorized', 'captured', 'voiding', 'voided', 'failed', 'expired'],
  authorized: ['capturing', 'captured', 'voiding', 'voided'],
  capturing: ['captured', 'voided'],
  captured: ['partially_refunded', 'refunded', 'disputed'],
  partially_refunded: ['refunded', 'disputed'],
  refunded: [],
  // A void that meets a capture at the provider ends as what the provider says.
  voiding: ['voided', 'captured'],
  voided: [],
  failed: [],
  // Money that comes after all is booked, and given back.
  expired: ['captured'],
  disputed: ['captured', 'refunded'],
  cod_due: ['cod_collected', 'voided'],
  cod_collected: ['settled'],
  settled: [],
};

export function canMovePayment(from: PaymentStatus, to: PaymentStatus): boolean {
  return NEXT[from].includes(to);
}

/** The statuses from which `to` may be reached; the filter of the conditional update. */
export function paymentSourcesOf(to: PaymentStatus): PaymentStatus[] {
  return PAYMENT_STATUSES.filter((from) => canMovePayment(from, to));
}
