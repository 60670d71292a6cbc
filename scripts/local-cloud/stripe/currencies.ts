import { invalidParam } from './errors.ts';

interface CurrencyRule {
  /** Stripe's minimum charge, in the currency's smallest unit. */
  minimum: number;
  maximum: number;
  digits: number;
}

const rules: Record<string, CurrencyRule> = {
  aed: { minimum: 200, maximum: 99_999_999, digits: 2 },
  aud: { minimum: 50, maximum: 99_999_999, digits: 2 },
  eur: { minimum: 50, maximum: 99_999_999, digits: 2 },
  gbp: { minimum: 30, maximum: 99_999_999, digits: 2 },
  inr: { minimum: 50, maximum: 999_999_999, digits: 2 },
  jpy: { minimum: 50, maximum: 99_999_999, digits: 0 },
  sgd: { minimum: 50, maximum: 99_999_999, digits: 2 },
  usd: { minimum: 50, maximum: 99_999_999, digits: 2 },
};

export function assertChargeable(amount: number, currency: string): void {
  const rule = rules[currency];
  if (rule === undefined) {
    const known = Object.keys(rules).join(', ');
    throw invalidParam(
      `Invalid currency: ${currency}. Stripe currently supports these currencies: ${known}`,
      'currency',
    );
  }
  if (amount < rule.minimum) {
    const message = `Amount must be at least ${formatAmount(rule.minimum, currency)}`;
    throw invalidParam(message, 'amount', 'amount_too_small');
  }
  if (amount > rule.maximum) {
    const message = `Amount must be no more than ${formatAmount(rule.maximum, currency)}`;
    throw invalidParam(message, 'amount', 'amount_too_large');
  }
}

export function formatAmount(amount: number, currency: string): string {
  const digits = rules[currency]?.digits ?? 2;
  return `${(amount / 10 ** digits).toFixed(digits)} ${currency}`;
}
