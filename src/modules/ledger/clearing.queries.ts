import { ledgerEntries, type LedgerEntry, type LedgerKind } from './ledger-entry.model.ts';

/** What we believe to have moved at the payment provider. */
export interface ClearingPosting {
  kind: LedgerKind;
  sourceId: string;
  orderId: string | null;
  currency: string;
  /** To us positive. */
  amountMinor: number;
}

const AT_ONCE = 500;

/** Those of these sources that there are. */
export async function findClearingPostings(
  sources: readonly Pick<ClearingPosting, 'kind' | 'sourceId'>[],
): Promise<ClearingPosting[]> {
  const found: LedgerEntry[] = [];
  for (const [kind, group] of Map.groupBy(sources, (source) => source.kind)) {
    const ids = group.map(({ sourceId }) => sourceId);
    for (let start = 0; start < ids.length; start += AT_ONCE) {
      const filter = { kind, sourceId: { $in: ids.slice(start, start + AT_ONCE) } };
      found.push(...(await ledgerEntries().find(filter).toArray()));
    }
  }
  return found.map(toClearing);
}

/** When the books begin; null while there is nothing in them. */
export async function findFirstPostingAt(): Promise<Date | null> {
  const [first] = await ledgerEntries()
    .find({}, { projection: { createdAt: 1 } })
    .sort({ createdAt: 1, _id: 1 })
    .limit(1)
    .toArray();
  return first?.createdAt ?? null;
}

export function clearingFilter({ from, to }: { from: Date; to: Date }) {
  const kind = { $ne: 'provider_settled' as const };
  return { 'lines.account': 'provider_clearing' as const, createdAt: { $gte: from, $lt: to }, kind };
}

/** All that we posted in [from, to). */
export async function listClearingPostings(period: { from: Date; to: Date }): Promise<ClearingPosting[]> {
  const entries = await ledgerEntries().find(clearingFilter(period)).sort({ createdAt: 1 }).toArray();
  return entries.map(toClearing);
}

function toClearing({ kind, sourceId, orderId, currency, lines }: LedgerEntry): ClearingPosting {
  const ofClearing = lines.filter(({ account }) => account === 'provider_clearing');
  const amountMinor = ofClearing.reduce((sum, line) => sum + line.amountMinor, 0);
  return { kind, sourceId, orderId, currency, amountMinor };
}
