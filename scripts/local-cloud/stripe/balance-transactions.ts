import type { Call, Handler } from './call.ts';
import { missing } from './errors.ts';
import { stripeId } from './ids.ts';
import { answerList, pageParams } from './lists.ts';
import { oneOf, optional, readParams, text } from './params.ts';
import { answerWith } from './present.ts';
import type { BalanceTransaction, Charge, Dispute, Payout, Refund } from './types.ts';
import { realNowSeconds } from '../clock.ts';

/** As on Stripe's European price list, in the smallest unit: 1.5 % and 25. */
function feeOf(amount: number): number {
  return Math.round(amount * 0.015) + 25;
}

interface Line extends Pick<BalanceTransaction, 'type' | 'amount' | 'source' | 'currency'> {
  category: string;
  fee?: number;
}

function enter(call: Call, { type, amount, source, currency, category, fee = 0 }: Line): void {
  const created = realNowSeconds();
  const detail = { amount: fee, application: null, currency, description: 'Stripe processing fees' };
  call.book.put('balance_transaction', {
    id: stripeId('txn'),
    object: 'balance_transaction',
    amount,
    available_on: created,
    created,
    currency,
    description: null,
    exchange_rate: null,
    fee,
    fee_details: fee === 0 ? [] : [{ ...detail, type: 'stripe_fee' }],
    net: amount - fee,
    reporting_category: category,
    source,
    status: 'available',
    type,
  });
}

export function enterCharge(call: Call, { id: source, amount_captured: amount, currency }: Charge): void {
  enter(call, { type: 'charge', amount, source, currency, category: 'charge', fee: feeOf(amount) });
}

export function enterRefundLine(call: Call, { id: source, amount, currency }: Refund): void {
  enter(call, { type: 'refund', amount: -amount, source, currency, category: 'refund' });
}

/** The bank did not take it: the money is ours again. */
export function enterRefundFailure(call: Call, { id: source, amount, currency }: Refund): void {
  enter(call, { type: 'refund_failure', amount, source, currency, category: 'refund_failure' });
}

/** Taken with the dispute, given back when it is won. */
export function enterDispute(call: Call, { id: source, amount, currency }: Dispute, sign: 1 | -1): void {
  const category = sign === -1 ? 'dispute' : 'dispute_reversal';
  enter(call, { type: 'adjustment', amount: sign * amount, source, currency, category });
}

export function enterPayout(call: Call, { id: source, amount, currency }: Payout): void {
  enter(call, { type: 'payout', amount: -amount, source, currency, category: 'payout' });
}

/** The bank sent it back. */
export function enterPayoutFailure(call: Call, { id: source, amount, currency }: Payout): void {
  enter(call, { type: 'payout_failure', amount, source, currency, category: 'payout_reversal' });
}

export const retrieveBalanceTransaction: Handler = (call) => {
  const params = readParams(call.form, {});
  const line = call.book.find('balance_transaction', call.pathId);
  if (line === null) throw missing('balance transaction', call.pathId);
  return answerWith(call, line, params.expand);
};

export const listBalanceTransactions: Handler = (call) => {
  const page = readParams(call.form, {
    ...pageParams,
    currency: optional(text),
    source: optional(text),
    type: optional(oneOf('charge', 'refund', 'refund_failure', 'adjustment', 'payout', 'payout_failure')),
  });
  const all = call.book
    .list('balance_transaction')
    .filter(({ currency }) => page.currency === undefined || currency === page.currency.toLowerCase())
    .filter(({ source }) => page.source === undefined || source === page.source)
    .filter(({ type }) => page.type === undefined || type === page.type);
  return answerList(call, '/v1/balance_transactions', { all, page });
};
