import { enterPayout, enterPayoutFailure } from './balance-transactions.ts';
import type { Call, Handler } from './call.ts';
import { invalidRequest, missing } from './errors.ts';
import { stripeId } from './ids.ts';
import { integer, readParams, required, text } from './params.ts';
import { answerWith } from './present.ts';
import type { Payout } from './types.ts';
import { realNowSeconds } from '../clock.ts';

/** Our balance goes to our bank: by hand, as the vendor makes it by itself every day. */
export const createPayout: Handler = (call) => {
  const params = readParams(call.form, { amount: required(integer(1)), currency: required(text) });
  const payout: Payout = {
    ...{ id: stripeId('po'), object: 'payout', amount: params.amount, currency: params.currency.toLowerCase() },
    ...{
      created: realNowSeconds(),
      livemode: false,
      metadata: {},
      method: 'standard',
      status: 'paid',
      type: 'bank_account',
    },
    failure_code: null,
  };
  call.book.put('payout', payout);
  enterPayout(call, payout);
  return answerWith(call, payout, params.expand);
};

export const retrievePayout: Handler = (call) => {
  const params = readParams(call.form, {});
  return answerWith(call, getPayout(call), params.expand);
};

/** The bank sends it back days later: reached through the control API only. */
export function failPayout(call: Call): Payout {
  const found = getPayout(call);
  if (found.status === 'failed') throw invalidRequest('This payout has failed already.');
  const payout: Payout = { ...found, status: 'failed', failure_code: 'account_closed' };
  call.book.put('payout', payout);
  enterPayoutFailure(call, payout);
  return payout;
}

function getPayout(call: Call): Payout {
  const found = call.book.find('payout', call.pathId);
  if (found === null) throw missing('payout', call.pathId);
  return found;
}
