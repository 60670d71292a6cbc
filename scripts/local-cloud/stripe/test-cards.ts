import type { CardDetails, ErrorBody } from './types.ts';

interface Decline {
  code: string;
  decline_code?: string;
  message: string;
}

export type CardBehaviour = { kind: 'approves' } | { kind: 'asks' } | { kind: 'declines'; decline: Decline };

export interface TestCard {
  behaviour: CardBehaviour;
  card: CardDetails;
}

const visa: CardDetails = {
  brand: 'visa',
  last4: '4242',
  exp_month: 12,
  exp_year: 2035,
  country: 'US',
  funding: 'credit',
};

function approving(brand: string, last4: string): TestCard {
  return { behaviour: { kind: 'approves' }, card: { ...visa, brand, last4 } };
}

function declining(last4: string, decline: Decline): TestCard {
  return { behaviour: { kind: 'declines', decline }, card: { ...visa, last4 } };
}

function declined(declineCode: string, last4: string, message = 'Your card was declined.'): TestCard {
  return declining(last4, { code: 'card_declined', decline_code: declineCode, message });
}

const insufficientFunds = declined('insufficient_funds', '9995', 'Your card has insufficient funds.');

/** Stripe's published test payment methods, as far as a food order meets them. */
const testCards = new Map<string, TestCard>([
  ['pm_card_visa', approving('visa', '4242')],
  ['pm_card_mastercard', approving('mastercard', '4444')],
  ['pm_card_amex', approving('amex', '8431')],
  ['pm_card_in', approving('visa', '0008')],
  ['pm_card_chargeDeclined', declined('generic_decline', '0002')],
  ['pm_card_visa_chargeDeclined', declined('generic_decline', '0002')],
  ['pm_card_chargeDeclinedInsufficientFunds', insufficientFunds],
  ['pm_card_visa_chargeDeclinedInsufficientFunds', insufficientFunds],
  ['pm_card_visa_chargeDeclinedLostCard', declined('lost_card', '9987')],
  ['pm_card_visa_chargeDeclinedStolenCard', declined('stolen_card', '9979')],
  ['pm_card_chargeDeclinedExpiredCard', declining('0069', { code: 'expired_card', message: 'Your card has expired.' })],
  [
    'pm_card_chargeDeclinedIncorrectCvc',
    declining('0127', { code: 'incorrect_cvc', message: "Your card's security code is incorrect." }),
  ],
  [
    'pm_card_chargeDeclinedProcessingError',
    declining('0119', {
      code: 'processing_error',
      message: 'An error occurred while processing your card. Try again in a little bit.',
    }),
  ],
  ['pm_card_authenticationRequired', { behaviour: { kind: 'asks' }, card: { ...visa, last4: '3184' } }],
]);

export function findTestCard(name: string): TestCard | null {
  return testCards.get(name) ?? null;
}

export function cardError(decline: Decline): ErrorBody {
  return { type: 'card_error', ...decline };
}
