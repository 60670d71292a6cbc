import { withTransaction } from '../../src/infra/mongo/index.ts';
import { postToLedger, type LedgerKind } from '../../src/modules/ledger/index.ts';
import { newId } from '../../src/shared/ids.ts';

interface Earning {
  restaurant?: string;
  courier?: string;
  cash?: boolean;
  currency?: string;
  amountMinor: number;
}

/** Payable at once. Cash of a courier is owed to us. */
export async function createEarning({
  restaurant,
  courier,
  cash = false,
  currency = 'INR',
  amountMinor,
}: Earning): Promise<void> {
  const kind: LedgerKind = cash ? 'cash_collected' : 'refund_charge';
  const account = restaurant !== undefined ? 'restaurant' : cash ? 'courier_cash' : 'courier';
  const owed = cash ? amountMinor : -amountMinor;
  await withTransaction((tx) =>
    postToLedger(tx, {
      ...{ kind, sourceId: newId(), currency },
      lines: [
        { account, ownerId: restaurant ?? courier ?? newId(), amountMinor: owed },
        { account: 'customer', ownerId: newId(), amountMinor: -owed },
      ],
    }),
  );
}
