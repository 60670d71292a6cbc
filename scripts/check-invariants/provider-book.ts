import type { PaymentRecord } from '../../src/modules/payments/payment.model.ts';
import { addMs } from '../../src/shared/clock.ts';
import type { BookReport } from '../local-cloud/control-client.ts';
import type { DatabaseInvariant, Scope, Violation } from './types.ts';

type Intent = BookReport['perIntent'][number];
type Payment = Pick<
  PaymentRecord,
  '_id' | 'intentId' | 'status' | 'updatedAt' | 'amountCapturedMinor' | 'amountRefundedMinor'
>;

/** Of the sample city's past, which no provider ever saw. */
const INVENTED = 'pi_sample_';
const AT_ONCE = 500;

/** The provider's own book, which is computed from what it executed, and ours. */
export const PROVIDER_INVARIANTS: readonly DatabaseInvariant[] = [
  { name: 'provider-book-equals-ours', source: 'bar I3', needsBook: true, find: compareBooks },
  {
    name: 'one-capture-per-order',
    source: 'bar I3',
    needsBook: true,
    async *find({ book }) {
      const captured = (book?.perIntent ?? []).filter(({ captureCount }) => captureCount > 0);
      // A tip after the delivery is a payment beside the order's.
      const ofOrders = captured.filter(({ metadata }) => metadata['purpose'] !== 'tip');
      for (const [order, own] of Map.groupBy(ofOrders, ({ metadata }) => metadata['orderId'] ?? '')) {
        const kept = own.filter((intent) => intent.captured > intent.refunded + intent.disputed);
        const count = own.reduce((sum, { captureCount }) => sum + captureCount, 0);
        if (count > own.length || kept.length > 1) {
          yield { ids: { order }, problem: `${count} captures on ${own.length} intents, ${kept.length} of them kept` };
        }
      }
      await Promise.resolve();
    },
  },
];

async function* compareBooks(scope: Scope): AsyncGenerator<Violation> {
  const intents = scope.book?.perIntent ?? [];
  for (let start = 0; start < intents.length; start += AT_ONCE) {
    const group = intents.slice(start, start + AT_ONCE);
    const payments = await paymentsOf(scope, { intentId: { $in: group.map(({ id }) => id) } });
    const byIntent = new Map(payments.map((payment) => [payment.intentId, payment]));
    for (const intent of group) {
      const payment = byIntent.get(intent.id);
      const problems = payment === undefined ? strayMoney(intent, scope) : differences(intent, payment, scope);
      for (const problem of problems) yield { ids: { intent: intent.id, payment: payment?._id ?? 'none' }, problem };
    }
  }
  yield* unknownToProvider(scope, new Set(intents.map(({ id }) => id)));
}

/** Money here that the provider does not know. */
async function* unknownToProvider({ db }: Scope, known: ReadonlySet<string>): AsyncGenerator<Violation> {
  const taken = { intentId: { $type: 'string' }, amountCapturedMinor: { $gt: 0 } };
  for await (const row of db.collection('payments').find(taken)) {
    const { _id, intentId } = row as unknown as Payment;
    if (intentId === null || known.has(intentId) || intentId.startsWith(INVENTED)) continue;
    yield { ids: { payment: _id, intent: intentId }, problem: 'captured here, and the provider does not know it' };
  }
}

function differences(intent: Intent, payment: Payment, { at, graceMs }: Scope): string[] {
  // An answer or a webhook may be on its way.
  if (addMs(payment.updatedAt, graceMs) > at) return [];
  const { amountCapturedMinor: captured, amountRefundedMinor: refunded } = payment;
  return [
    ...(intent.captured === captured ? [] : [`the provider captured ${intent.captured}, we say ${captured}`]),
    ...(intent.refunded === refunded ? [] : [`the provider refunded ${intent.refunded}, we say ${refunded}`]),
    ...(payment.status === 'voided' && heldOf(intent) > 0 ? [`voided here, and ${heldOf(intent)} is held there`] : []),
  ];
}

/** An intent that no payment has, or has no longer: what it ever took went back. */
function strayMoney(intent: Intent, { graceMs }: Scope): string[] {
  const keptMinor = intent.captured - intent.refunded - intent.disputed;
  return [
    ...(keptMinor === 0 ? [] : [`no payment has this intent, and the provider kept ${keptMinor}`]),
    ...(heldOf(intent) === 0 || graceMs > 0 ? [] : [`no payment has this intent, and ${heldOf(intent)} is held`]),
  ];
}

function heldOf({ status, authorized, captured, released }: Intent): number {
  return status === 'succeeded' || status === 'canceled' ? 0 : authorized - captured - released;
}

async function paymentsOf({ db }: Scope, filter: object): Promise<Payment[]> {
  return (await db.collection('payments').find(filter).toArray()) as unknown as Payment[];
}
