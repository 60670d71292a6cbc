import { config } from '../../config/index.ts';
import { AppError } from '../../errors/index.ts';
import type { PaymentMethod } from '../orders/index.ts';
import type { QuoteTerms } from './quote.model.ts';

/**
 * Nothing to pay is paid by nothing, whatever was asked. Cash is taken by couriers alone, who bring it to us; for what
 * is cooked at once, up to what one of this currency may be handed at a door.
 * @throws AppError `payment_method_unavailable`
 */
export function paymentMethodOf(
  asked: Exclude<PaymentMethod, 'none'>,
  { pricing, mode, slot, currency }: Pick<QuoteTerms, 'pricing' | 'mode' | 'slot' | 'currency'>,
): PaymentMethod {
  if (pricing.totalMinor === 0) return 'none';
  if (asked === 'card') return 'card';
  const limitMinor = config.money.cashLimits[currency];
  if (limitMinor === undefined) throw refused('not_in_currency');
  if (mode === 'collection') throw refused('collection');
  if (slot !== null) throw refused('scheduled');
  if (pricing.totalMinor > limitMinor) throw refused('over_limit');
  return 'cash';
}

function refused(reason: 'over_limit' | 'not_in_currency' | 'collection' | 'scheduled'): AppError {
  return new AppError('payment_method_unavailable', { details: { reason } });
}
