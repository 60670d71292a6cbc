import { AppError } from '../../errors/index.ts';
import type { Tx } from '../../infra/mongo/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { PARTIES, payables, type Party } from './payable.model.ts';

export interface Balance {
  party: Party;
  currency: string;
  /** Earned, but not payable before T11. */
  heldMinor: number;
  /** Goes with the next payout, after `cashMinor`; below zero: they owe us. */
  payableMinor: number;
  /** Of a courier: cash that belongs to us. */
  cashMinor: number;
}

/** @throws AppError `forbidden` for another's, unless an admin asks */
export async function getLedgerBalances(
  { ownerId }: { ownerId?: string | undefined },
  actor: Actor,
): Promise<{ ownerId: string; balances: Balance[] }> {
  const of = ownerId ?? actor.userId;
  if (of !== actor.userId && !actor.roles.includes('admin')) throw new AppError('forbidden');
  return { ownerId: of, balances: await listBalances(of) };
}

/** What an owner of restaurants or a courier has with us, by trade and currency. Only what no payout has settled. */
async function listBalances(ownerId: string): Promise<Balance[]> {
  return payables()
    .aggregate<Balance>([
      { $match: { ownerId, party: { $in: [...PARTIES] }, status: { $in: ['held', 'payable'] } } },
      { $group: { _id: { party: '$party', currency: '$currency' }, ...sums } },
      { $sort: { '_id.party': -1, '_id.currency': 1 } },
      {
        $project: {
          ...{ _id: 0, party: '$_id.party', currency: '$_id.currency' },
          ...{ heldMinor: 1, payableMinor: 1, cashMinor: { $subtract: [0, '$cashOwedMinor'] } },
        },
      },
    ])
    .toArray();
}

const isCash = { $eq: ['$account', 'courier_cash'] };
const isHeld = { $eq: ['$status', 'held'] };
const sums = {
  cashOwedMinor: { $sum: { $cond: [isCash, '$amountMinor', 0] } },
  heldMinor: { $sum: { $cond: [isHeld, '$amountMinor', 0] } },
  payableMinor: { $sum: { $cond: [{ $or: [isCash, isHeld] }, 0, '$amountMinor'] } },
};

/** Cash of ours that a courier carries, in minor units. */
export async function courierCashBalance(courierId: string, currency: string, tx?: Tx): Promise<number> {
  const [sum] = await payables()
    .aggregate<{ amountMinor: number }>(
      [
        { $match: { ownerId: courierId, party: 'courier', currency, status: 'payable', account: 'courier_cash' } },
        { $group: { _id: null, amountMinor: { $sum: '$amountMinor' } } },
      ],
      tx === undefined ? {} : { session: tx },
    )
    .toArray();
  return sum === undefined ? 0 : -sum.amountMinor;
}
