import { withTransaction } from '../../infra/mongo/index.ts';
import { counter, logger } from '../../infra/observability/index.ts';
import { addMs, dateFrom, now } from '../../shared/clock.ts';
import { findClearingPostings, listClearingPostings, postToLedger } from '../ledger/index.ts';
import { listProviderMovements, type ProviderMovement } from '../payments/index.ts';
import { compareMovements, keyOf, missingThere, type Difference } from './compare.ts';
import { providerMatches } from './provider-match.model.ts';
import { reconciliationDays, type DaySum, type ReconciliationDay } from './reconciliation-day.model.ts';

const DAY_MS = 86_400_000;
/** The provider's clock and ours: its list is read so much further, so that what we posted at midnight is found. */
const SKEW_MS = 3_600_000;
const MOST_DIFFERENCES = 1_000;

const found = counter('quickbite_reconciliation_differences_total', 'Between the provider’s list and the books', [
  'type',
]);

/**
 * Compares one day of the provider's list with the books: what fits is settled (clearing account -> balance, its fee a cost of ours),
 * what does not is reported and raises an alarm. The provider's payouts to our bank are booked as what they are. Made again, it settles what has come since, and nothing twice.
 */
export async function reconcileDay(day: string): Promise<ReconciliationDay> {
  const from = dateFrom(`${day}T00:00:00.000Z`);
  const to = addMs(from, DAY_MS);
  const listed = await listProviderMovements({ from, to: addMs(to, SKEW_MS) });
  const payouts = listed.filter(({ isPayout }) => isPayout);
  for (const payout of payouts) await bookPayout(payout);
  const comparison = await compare(listed.filter(({ isPayout }) => !isPayout));
  for (const movement of comparison.matched) await settle(movement);

  const ofDay = listed.filter(({ at }) => at < to);
  const isOfDay = new Set(ofDay.map(({ movementId }) => movementId));
  const wrong = comparison.differences.filter(({ movementId }) => movementId !== null && isOfDay.has(movementId));
  const differences = [...wrong, ...(await findMissingThere({ from, to }, listed))];
  const report: ReconciliationDay = {
    ...{ _id: day, ranAt: now(), movements: ofDay.length, sums: sumsOf(ofDay) },
    matched: [...payouts, ...comparison.matched].filter(({ movementId }) => isOfDay.has(movementId)).length,
    counts: countsOf(differences),
    differenceCount: differences.length,
    differences: differences.slice(0, MOST_DIFFERENCES),
  };
  await reconciliationDays().replaceOne({ _id: day }, report, { upsert: true });
  raiseAlarm(report);
  return report;
}

async function compare(movements: readonly ProviderMovement[]) {
  const sources = movements.flatMap(({ posting }) => posting ?? []);
  const postings = await findClearingPostings(sources);
  const matches = await providerMatches()
    .find({ _id: { $in: sources.map(keyOf) } })
    .toArray();
  return compareMovements({
    movements,
    postings: new Map(postings.map((posting) => [keyOf(posting), posting])),
    matchedBefore: new Map(matches.map(({ _id, movementId }) => [_id, movementId])),
  });
}

/** Once per movement and once per posting, whoever runs beside: a second movement for the posting meets the first one's match. */
async function settle({ movementId, posting, amountMinor, feeMinor, currency }: ProviderMovement): Promise<void> {
  if (posting === null) return;
  await withTransaction(async (tx) => {
    const match = await providerMatches().findOneAndUpdate(
      { _id: keyOf(posting) },
      { $setOnInsert: { movementId, createdAt: now() } },
      { upsert: true, session: tx, returnDocument: 'after' },
    );
    if (match?.movementId !== movementId) return;
    await postToLedger(tx, {
      ...{ kind: 'provider_settled', sourceId: movementId, currency },
      lines: [
        { account: 'provider_balance', amountMinor: amountMinor - feeMinor },
        { account: 'platform_costs', amountMinor: feeMinor },
        { account: 'provider_clearing', amountMinor: -amountMinor },
      ],
    });
  });
}

/** Their word is all the evidence there is of it, and enough: it stands between two accounts of ours. */
async function bookPayout({ movementId, amountMinor, feeMinor, currency }: ProviderMovement): Promise<void> {
  await withTransaction((tx) =>
    postToLedger(tx, {
      ...{ kind: 'provider_payout', sourceId: movementId, currency },
      lines: [
        { account: 'provider_balance', amountMinor: amountMinor - feeMinor },
        { account: 'platform_costs', amountMinor: feeMinor },
        { account: 'bank', amountMinor: -amountMinor },
      ],
    }),
  );
}

async function findMissingThere(period: { from: Date; to: Date }, listed: readonly ProviderMovement[]) {
  const postings = await listClearingPostings(period);
  const keys = postings.map(keyOf);
  const matches = await providerMatches()
    .find({ _id: { $in: keys } })
    .toArray();
  // What differs in amount or currency is there, and told already.
  const there = new Set([
    ...matches.map(({ _id }) => _id),
    ...listed.flatMap(({ posting }) => posting ?? []).map(keyOf),
  ]);
  return missingThere(postings, (posting) => there.has(keyOf(posting)));
}

function countsOf(differences: readonly Difference[]): ReconciliationDay['counts'] {
  const byType = Map.groupBy(differences, ({ type }) => type);
  return Object.fromEntries([...byType].map(([type, group]) => [type, group.length]));
}

function sumsOf(movements: readonly ProviderMovement[]): DaySum[] {
  const byCurrency = Map.groupBy(movements, ({ currency }) => currency);
  return [...byCurrency].sort().map(([currency, group]) => ({
    ...{ currency, movements: group.length },
    amountMinor: group.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
    feeMinor: group.reduce((sum, { feeMinor }) => sum + feeMinor, 0),
  }));
}

function raiseAlarm({ _id: day, counts, differenceCount }: ReconciliationDay): void {
  if (differenceCount === 0) return;
  for (const [type, count] of Object.entries(counts)) found.inc({ type }, count);
  logger.error({ day, counts }, 'the payment provider’s list and the books differ; a human must look');
}
