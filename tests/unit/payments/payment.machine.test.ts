import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canMovePayment,
  PAYMENT_STATUSES,
  paymentSourcesOf,
  type PaymentStatus,
} from '../../../src/modules/payments/payment.machine.ts';

const statuses = fc.constantFrom(...PAYMENT_STATUSES);
const walks = fc.array(statuses, { maxLength: 60 });

/** Takes what is legal of the given attempts, from the first status on. */
function walk(attempts: readonly PaymentStatus[]): PaymentStatus[] {
  const path: PaymentStatus[] = ['requires_payment'];
  for (const next of attempts) if (canMovePayment(path.at(-1) ?? 'requires_payment', next)) path.push(next);
  return path;
}

describe('the payment machine', () => {
  it('has exactly these edges', () => {
    const edges = PAYMENT_STATUSES.map((from) => {
      const targets = PAYMENT_STATUSES.filter((to) => canMovePayment(from, to));
      return `${from} > ${targets.join(', ')}`;
    });
    const fromOpen = 'authorized, captured, voiding, voided, failed, expired';
    expect(edges).toEqual([
      `requires_payment > requires_action, ${fromOpen}`,
      `requires_action > requires_payment, ${fromOpen}`,
      'authorized > capturing, captured, voiding, voided',
      'capturing > captured, voided',
      'captured > partially_refunded, refunded, disputed',
      'partially_refunded > refunded, disputed',
      'refunded > ',
      'voiding > captured, voided',
      'voided > ',
      'failed > ',
      'expired > captured',
      'disputed > captured, refunded',
      'cod_due > voided, cod_collected',
      'cod_collected > settled',
      'settled > ',
    ]);
  });

  it.each(['voided', 'refunded', 'failed', 'settled'] as const)('has no way out of %s', (end) => {
    expect(PAYMENT_STATUSES.filter((to) => canMovePayment(end, to))).toEqual([]);
  });

  it('gives as sources of a status exactly those that may move there', () => {
    fc.assert(
      fc.property(statuses, statuses, (from, to) => {
        expect(paymentSourcesOf(to).includes(from)).toBe(canMovePayment(from, to));
      }),
    );
  });

  it('never moves to where it is: a repeated record changes nothing', () => {
    expect(PAYMENT_STATUSES.filter((status) => canMovePayment(status, status))).toEqual([]);
  });

  it('refunds only what was captured, and captures nothing that was freed', () => {
    fc.assert(
      fc.property(walks, (attempts) => {
        const path = walk(attempts);
        const capturedAt = path.indexOf('captured');
        const refundedAt = path.findIndex((status) => status === 'refunded' || status === 'partially_refunded');
        if (refundedAt !== -1) expect(capturedAt).toBeGreaterThan(-1);
        if (refundedAt !== -1) expect(capturedAt).toBeLessThan(refundedAt);
        if (path.includes('voided')) expect(path.at(-1)).toBe('voided');
        if (capturedAt !== -1) expect(path.slice(capturedAt)).not.toContain('voided');
      }),
    );
  });

  it('asks no card again once money is held', () => {
    fc.assert(
      fc.property(walks, (attempts) => {
        const path = walk(attempts);
        const heldAt = path.indexOf('authorized');
        if (heldAt === -1) return;
        expect(path.slice(heldAt)).not.toContain('requires_payment');
        expect(path.slice(heldAt)).not.toContain('requires_action');
      }),
    );
  });
});
