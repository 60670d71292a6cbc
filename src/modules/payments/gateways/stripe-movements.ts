import { z } from 'zod';
import type { LedgerKind } from '../../ledger/index.ts';
import { dateFrom } from '../../../shared/clock.ts';
import { understood } from './stripe-answers.ts';
import { guarded } from './stripe-client.ts';

/** One line of our balance at the provider. */
export interface ProviderMovement {
  movementId: string;
  /** The provider's word, e.g. `charge`, `refund`, `adjustment`. */
  type: string;
  at: Date;
  currency: string;
  /** In positive, out negative; what it cost us is apart. */
  amountMinor: number;
  feeMinor: number;
  /** Our posting of it, by what we wrote into its metadata; null where nobody of ours made it. */
  posting: { kind: LedgerKind; sourceId: string } | null;
  /** Between our balance there and our bank: of no payment. */
  isPayout: boolean;
}

const PAGE = 100;
/** A fault of theirs must not keep us here for ever. */
const MOST_PAGES = 2_000;

const NOTHING: Record<string, string> = {};
const sourceSchema = z.union([
  z.string().transform((id) => ({ id, metadata: NOTHING })),
  z.object({
    id: z.string(),
    metadata: z
      .record(z.string(), z.string())
      .nullish()
      .transform((metadata) => metadata ?? {}),
  }),
]);

const movementSchema = z
  .object({
    id: z.string(),
    type: z.string(),
    reporting_category: z.string(),
    created: z.int(),
    currency: z.string(),
    amount: z.int(),
    fee: z.int(),
    source: sourceSchema.nullish(),
  })
  .transform((line): ProviderMovement => ({
    ...{ movementId: line.id, type: line.type, at: dateFrom(line.created * 1000) },
    ...{ currency: line.currency.toUpperCase(), amountMinor: line.amount, feeMinor: line.fee },
    posting: postingOf(line.reporting_category, line.source ?? null),
    isPayout: PAYOUTS.includes(line.reporting_category),
  }));

/** Theirs to our bank, and those that the bank sent back. */
const PAYOUTS: readonly string[] = ['payout', 'payout_reversal'];

const pageSchema = z.object({ data: z.array(movementSchema), has_more: z.boolean() });

/** What moved on our balance there in [from, to), newest first. */
export async function listProviderMovements({ from, to }: { from: Date; to: Date }): Promise<ProviderMovement[]> {
  const movements: ProviderMovement[] = [];
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const after = movements.at(-1)?.movementId;
    const { data, has_more: hasMore } = await listPage({ from, to }, after);
    movements.push(...data);
    if (!hasMore) return movements;
  }
  throw new Error('the list of the payment provider does not end');
}

function listPage({ from, to }: { from: Date; to: Date }, after: string | undefined) {
  return guarded(async (stripe) => {
    const answer = await stripe.balanceTransactions.list({
      ...{ created: { gte: seconds(from), lt: seconds(to) }, limit: PAGE, expand: ['data.source'] },
      ...(after === undefined ? {} : { starting_after: after }),
    });
    return understood(pageSchema, answer);
  });
}

function seconds(at: Date): number {
  return Math.floor(at.getTime() / 1000);
}

type Source = z.output<typeof sourceSchema> | null;

/** As finalizePayment, refunds and disputes name their postings; by the category of a movement. */
const SOURCES: Readonly<Record<string, (source: NonNullable<Source>) => [LedgerKind, string | undefined]>> = {
  charge: ({ metadata }) => ['capture', metadata['paymentId']],
  refund: ({ metadata: { refundId, attempt = '1' } }) => [
    'refund',
    attempt === '1' || refundId === undefined ? refundId : `${refundId}-${attempt}`,
  ],
  refund_failure: ({ metadata: { refundId, attempt = '1' } }) => [
    'refund',
    refundId === undefined ? undefined : `${refundId}-failed-${attempt}`,
  ],
  dispute: ({ id }) => ['dispute', id],
  dispute_reversal: ({ id }) => ['dispute', `${id}-won`],
};

function postingOf(category: string, source: Source): ProviderMovement['posting'] {
  const sourceOf = Object.hasOwn(SOURCES, category) ? SOURCES[category] : undefined;
  if (sourceOf === undefined || source === null) return null;
  const [kind, sourceId] = sourceOf(source);
  return sourceId === undefined ? null : { kind, sourceId };
}
