import type { Book, Movement } from './book.ts';
import type { Charge, IntentStatus, PaymentIntent, Refund } from './types.ts';

export interface IntentReport {
  id: string;
  status: IntentStatus;
  amount: number;
  currency: string;
  metadata: Record<string, string>;
  /** Sums of the movements, in minor units; computed from what was executed and not from the objects. */
  authorized: number;
  captured: number;
  released: number;
  refunded: number;
  disputed: number;
  captureCount: number;
  refundCount: number;
}

export interface BookReport {
  intents: PaymentIntent[];
  charges: Charge[];
  refunds: Refund[];
  movements: Movement[];
  perIntent: IntentReport[];
  totals: { captured: number; refunded: number; captureCount: number };
}

export function reportBook(book: Book): BookReport {
  const intents = book.list('payment_intent').reverse();
  const movements = book.movements();
  const byIntent = Map.groupBy(movements, ({ intentId }) => intentId);
  const perIntent = intents.map((intent) => reportIntent(intent, byIntent.get(intent.id) ?? []));
  return {
    intents,
    charges: book.list('charge').reverse(),
    refunds: book.list('refund').reverse(),
    movements,
    perIntent,
    totals: {
      captured: sumOf(movements, 'capture'),
      refunded: sumOf(movements, 'refund') - sumOf(movements, 'refund_returned'),
      captureCount: countOf(movements, 'capture'),
    },
  };
}

function reportIntent(intent: PaymentIntent, movements: readonly Movement[]): IntentReport {
  const { id, status, amount, currency, metadata } = intent;
  return {
    id,
    status,
    amount,
    currency,
    metadata,
    authorized: sumOf(movements, 'authorize'),
    captured: sumOf(movements, 'capture'),
    released: sumOf(movements, 'release'),
    refunded: sumOf(movements, 'refund') - sumOf(movements, 'refund_returned'),
    disputed: sumOf(movements, 'dispute') - sumOf(movements, 'dispute_won'),
    captureCount: countOf(movements, 'capture'),
    refundCount: countOf(movements, 'refund'),
  };
}

function sumOf(movements: readonly Movement[], kind: Movement['kind']): number {
  return movements.filter((movement) => movement.kind === kind).reduce((sum, { amount }) => sum + amount, 0);
}

function countOf(movements: readonly Movement[], kind: Movement['kind']): number {
  return movements.filter((movement) => movement.kind === kind).length;
}
