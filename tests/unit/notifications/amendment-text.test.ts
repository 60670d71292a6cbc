import { describe, expect, it } from 'vitest';
import { amendmentData } from '../../../src/modules/notifications/amendment-text.ts';
import type { AmendmentRecord, Replacement } from '../../../src/modules/orders/index.ts';
import { newId } from '../../../src/shared/ids.ts';
import { buildDeliveredOrder } from '../../factories/delivered-order.ts';
import { RICE, SOUP, twoDishes } from '../../factories/two-dishes.ts';

const orderWith = (replacement: Replacement) => ({ ...buildDeliveredOrder(), ...twoDishes(), replacement });
const CURRY = { lineId: newId(), itemId: newId(), name: 'Curry', quantity: 1, unitPriceMinor: 1, taxCategory: 'food' };
const SIZE = { sizeId: newId(), name: 'Large', priceMinor: 0 };
const OPTIONS = [{ optionId: newId(), name: 'Mild', priceMinor: 0 }];
const substitute = { ...CURRY, size: SIZE, options: OPTIONS };

const AMENDMENT = {
  changes: [
    { kind: 'substitute', lineId: SOUP, isSoldOut: false, substitute },
    { kind: 'remove', lineId: RICE, isSoldOut: true },
  ],
  ...{ note: 'Sorry', totalBeforeMinor: 28_750, totalIfAcceptedMinor: 18_250, totalIfDeclinedMinor: null },
  currency: 'INR',
} as unknown as AmendmentRecord;

describe('an amendment in words', () => {
  it('names what is out, what comes in its place, and what either answer comes to', () => {
    expect(amendmentData(orderWith('cancel'), AMENDMENT)).toEqual({
      changes: ['1 x Curry, Large (Mild) instead of 2 x Soup', '1 x Rice: left out'],
      note: 'Sorry',
      ifAccepted: 'the total is ₹182.50 instead of ₹287.50.',
      ifDeclined: 'nothing would be left: the order is cancelled, and you are charged nothing.',
      otherwise: 'the order is cancelled, and you are charged nothing.',
    });
  });

  it.each([
    ['best_match', 'the change is made as proposed; the total is ₹182.50 instead of ₹287.50.'],
    [
      'refund_item',
      'what has run out is left out; nothing would be left: the order is cancelled, and you are charged nothing.',
    ],
  ] as const)('without an answer, where %s was chosen: says what happens', (replacement, otherwise) => {
    expect(amendmentData(orderWith(replacement), AMENDMENT).otherwise).toBe(otherwise);
  });

  it('of fewer pieces: has one outcome, whichever the answer', () => {
    const changes = [{ kind: 'reduce' as const, lineId: SOUP, isSoldOut: false, quantity: 1 }];
    const data = amendmentData(orderWith('cancel'), { ...AMENDMENT, changes, totalIfAcceptedMinor: 28_750 });
    expect(data).toMatchObject({ changes: ['Soup: 1 instead of 2'], ifDeclined: null });
    expect(data.ifAccepted).toBe('the total stays ₹287.50.');
  });
});
