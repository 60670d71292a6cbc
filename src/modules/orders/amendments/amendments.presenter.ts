import { money, type Money } from '../../../shared/money.ts';
import { canSeeTotals } from '../order.policy.ts';
import { toItemView, type OrderItemView } from '../orders.presenter.ts';
import type { AmendmentChange, AmendmentRecord } from './amendment.model.ts';
import type { SeenAmendments } from './amendments.service.ts';

interface ChangeView {
  kind: AmendmentChange['kind'];
  lineId: string;
  /** Pieces that are left of the line, or that come in its place. */
  quantity: number;
  substitute: OrderItemView | null;
}

interface AmendmentView {
  id: string;
  orderId: string;
  status: AmendmentRecord['status'];
  changes: ChangeView[];
  note: string | null;
  /** Null for who does not see the bill. */
  totals: { before: Money; ifAccepted: Money | null; ifDeclined: Money | null } | null;
  answer: AmendmentRecord['answer'];
  outcome: AmendmentRecord['outcome'];
  expiresAt: string;
  createdAt: string;
  settledAt: string | null;
}

export function toAmendmentViews({ order, viewer, amendments }: SeenAmendments): AmendmentView[] {
  const isShown = canSeeTotals(order, viewer);
  return amendments.map((amendment) => {
    const { _id: id, orderId, status, changes, note, answer, outcome, currency } = amendment;
    return {
      ...{ id, orderId, status, note, answer, outcome },
      changes: changes.map((change) => toChangeView(change, currency)),
      totals: isShown ? totalsOf(amendment) : null,
      expiresAt: amendment.expiresAt.toISOString(),
      createdAt: amendment.createdAt.toISOString(),
      settledAt: amendment.settledAt?.toISOString() ?? null,
    };
  });
}

function toChangeView(change: AmendmentChange, currency: string): ChangeView {
  const { kind, lineId } = change;
  if (kind === 'remove') return { kind, lineId, quantity: 0, substitute: null };
  if (kind === 'reduce') return { kind, lineId, quantity: change.quantity, substitute: null };
  const { substitute } = change;
  const lineTotalMinor = substitute.unitPriceMinor * substitute.quantity;
  return {
    ...{ kind, lineId, quantity: substitute.quantity },
    substitute: toItemView({ ...substitute, lineTotalMinor }, currency),
  };
}

function totalsOf({ totalBeforeMinor, totalIfAcceptedMinor, totalIfDeclinedMinor, currency }: AmendmentRecord) {
  const orNull = (minor: number | null) => (minor === null ? null : money(minor, currency));
  return {
    before: money(totalBeforeMinor, currency),
    ifAccepted: orNull(totalIfAcceptedMinor),
    ifDeclined: orNull(totalIfDeclinedMinor),
  };
}
