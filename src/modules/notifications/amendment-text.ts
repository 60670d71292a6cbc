/** What a kitchen proposes, in words. Pure. */
import type { AmendmentRecord, OrderItem, OrderRecord } from '../orders/index.ts';
import { moneyText } from './money-text.ts';

type Change = AmendmentRecord['changes'][number];
type Named = Pick<OrderItem, 'name' | 'size' | 'options' | 'quantity'>;

/** Each change in a line of its own; what either answer comes to, and what is done without one. */
export function amendmentData(order: OrderRecord, amendment: AmendmentRecord) {
  const { note, totalIfAcceptedMinor, totalIfDeclinedMinor } = amendment;
  const hasSubstitute = amendment.changes.some(({ kind }) => kind === 'substitute');
  return {
    changes: changeTexts(order, amendment),
    note,
    ifAccepted: outcomeText(amendment, totalIfAcceptedMinor),
    // Without a substitute both answers come to the same.
    ifDeclined: hasSubstitute ? outcomeText(amendment, totalIfDeclinedMinor) : null,
    otherwise: preferenceText(order, amendment),
  };
}

export function changeTexts({ items }: Pick<OrderRecord, 'items'>, { changes }: AmendmentRecord): string[] {
  const lines = new Map(items.map((item) => [item.lineId, item]));
  return changes.flatMap((change) => {
    const line = lines.get(change.lineId);
    return line === undefined ? [] : [changeText(line, change)];
  });
}

function changeText(line: OrderItem, change: Change): string {
  if (change.kind === 'remove') return `${piecesOf(line)}: left out`;
  if (change.kind === 'reduce') return `${nameOf(line)}: ${change.quantity} instead of ${line.quantity}`;
  return `${piecesOf(change.substitute)} instead of ${piecesOf(line)}`;
}

function piecesOf(item: Named): string {
  return `${item.quantity} x ${nameOf(item)}`;
}

function nameOf({ name, size, options }: Named): string {
  const sized = size === undefined ? name : `${name}, ${size.name}`;
  return options.length === 0 ? sized : `${sized} (${options.map((option) => option.name).join(', ')})`;
}

/** @param totalMinor null: no dish would be left, and the order would end at the restaurant's expense */
function outcomeText({ totalBeforeMinor, currency }: AmendmentRecord, totalMinor: number | null): string {
  if (totalMinor === null) return 'nothing would be left: the order is cancelled, and you are charged nothing.';
  const total = moneyText(totalMinor, currency);
  return totalMinor === totalBeforeMinor
    ? `the total stays ${total}.`
    : `the total is ${total} instead of ${moneyText(totalBeforeMinor, currency)}.`;
}

function preferenceText({ replacement }: OrderRecord, amendment: AmendmentRecord): string {
  if (replacement === 'cancel') return 'the order is cancelled, and you are charged nothing.';
  return replacement === 'best_match'
    ? `the change is made as proposed; ${outcomeText(amendment, amendment.totalIfAcceptedMinor)}`
    : `what has run out is left out; ${outcomeText(amendment, amendment.totalIfDeclinedMinor)}`;
}
