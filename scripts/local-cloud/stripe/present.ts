import { presentPaymentMethod, type Call } from './call.ts';
import { invalidParam } from './errors.ts';
import type {
  Answer,
  BalanceTransaction,
  Charge,
  Customer,
  Dispute,
  Kinds,
  PaymentIntent,
  Payout,
  Refund,
  SetupIntent,
  StripeEvent,
} from './types.ts';

type Presentable =
  PaymentIntent | Charge | Refund | StripeEvent | Customer | SetupIntent | Dispute | BalanceTransaction | Payout;
type Tree = Record<string, unknown>;

/** Which property of which object is a reference that `expand` may replace. */
const expandable: Record<string, Record<string, keyof Kinds | 'source'>> = {
  payment_intent: { latest_charge: 'charge', payment_method: 'payment_method', customer: 'customer' },
  setup_intent: { payment_method: 'payment_method', customer: 'customer' },
  balance_transaction: { source: 'source' },
  dispute: { charge: 'charge', payment_intent: 'payment_intent' },
  charge: { payment_intent: 'payment_intent' },
  refund: { charge: 'charge', payment_intent: 'payment_intent' },
};

/** What a browser holding only the client secret gets to see: neither our metadata nor our charges. */
const publishableFields = [
  'id',
  'object',
  'amount',
  'automatic_payment_methods',
  'canceled_at',
  'cancellation_reason',
  'capture_method',
  'client_secret',
  'confirmation_method',
  'created',
  'currency',
  'description',
  'last_payment_error',
  'livemode',
  'next_action',
  'payment_method',
  'payment_method_types',
  'receipt_email',
  'setup_future_usage',
  'shipping',
  'status',
] as const satisfies readonly (keyof PaymentIntent)[];

export function present(call: Call, object: Presentable, expand: readonly string[] = []): unknown {
  if (object.object === 'payment_intent' && call.isPublishable) {
    return Object.fromEntries(publishableFields.map((name) => [name, object[name]]));
  }
  if (object.object === 'setup_intent' && call.isPublishable) {
    const { metadata: _metadata, customer: _customer, ...shown } = object;
    return shown;
  }
  return expand.reduce<Tree>((tree, path) => expandPath(call, tree, path.split('.')), { ...object });
}

export function answerWith(call: Call, object: Presentable, expand: readonly string[] = []): Answer {
  return { status: 200, body: present(call, object, expand) };
}

function expandPath(call: Call, tree: Tree, [name = '', ...rest]: string[]): Tree {
  const kind = expandable[String(tree['object'])]?.[name];
  if (kind === undefined) {
    const message = `This property cannot be expanded (${name}).`;
    throw invalidParam(message, 'expand');
  }
  const found = resolveReference(call, kind, tree[name]);
  if (found === null) return tree;
  return { ...tree, [name]: rest.length === 0 ? found : expandPath(call, found, rest) };
}

function resolveReference(call: Call, kind: keyof Kinds | 'source', value: unknown): Tree | null {
  // Already expanded by an earlier path, or null.
  if (typeof value !== 'string') return value as Tree | null;
  if (kind === 'payment_method') {
    const method = call.book.find(kind, value);
    return method === null ? null : { ...presentPaymentMethod(method) };
  }
  const found = call.book.find(kind === 'source' ? kindOf(value) : kind, value);
  return found === null ? null : { ...found };
}

function kindOf(source: string): 'charge' | 'refund' | 'dispute' | 'payout' {
  if (source.startsWith('po_')) return 'payout';
  if (source.startsWith('re_')) return 'refund';
  return source.startsWith('dp_') ? 'dispute' : 'charge';
}
