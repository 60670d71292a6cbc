/** `none`: there is nothing to pay. */
export const PAYMENT_METHODS = ['card', 'cash', 'none'] as const;
export type PaymentMethod = (typeof PAYMENT_METHODS)[number];

/** What to do when a dish has run out and the customer does not answer in time. */
export const REPLACEMENTS = ['refund_item', 'best_match', 'cancel'] as const;
export type Replacement = (typeof REPLACEMENTS)[number];
