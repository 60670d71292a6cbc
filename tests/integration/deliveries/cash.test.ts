import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { config } from '../../../src/config/index.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { getCurrentDelivery } from '../../../src/modules/deliveries/deliveries.service.ts';
import { startOffers } from '../../../src/modules/deliveries/dispatch.service.ts';
import { courierCashBalance, postToLedger } from '../../../src/modules/ledger/index.ts';
import { recordCashDeposit } from '../../../src/modules/ledger/cash-deposits.service.ts';
import { settleHandedIn, settleSetOff } from '../../../src/modules/payments/cash.service.ts';
import { createPayment } from '../../../src/modules/payments/index.ts';
import { runPayouts } from '../../../src/modules/ledger/payouts/run-payouts.service.ts';
import { PaymentModel } from '../../../src/modules/payments/payment.model.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createCouriersAt } from '../../factories/courier.ts';
import {
  createDelivery,
  createDeliveryAtDropoff,
  getStoredDelivery,
  getStoredOrder,
  listStoredOffers,
} from '../../factories/delivery.ts';
import { createEarning } from '../../factories/ledger.ts';
import { createUser } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';

beforeAll(bootstrap);
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

const DUE = 11_200;

async function atTheDoor() {
  const assigned = await createDeliveryAtDropoff({ paymentMethod: 'cash' });
  const { _id: orderId, paymentId, customerId, currency } = await getStoredOrder(assigned.delivery.orderId);
  const payment = { paymentId, orderId, customerId, currency, amountMinor: DUE, method: 'cash' as const };
  await withTransaction((tx) => createPayment(tx, payment));
  return { ...assigned, orderId };
}

async function carries(courierId: string, amountMinor: number): Promise<void> {
  const lines = [
    { account: 'courier_cash' as const, ownerId: courierId, amountMinor },
    { account: 'customer' as const, ownerId: newId(), amountMinor: -amountMinor },
  ];
  await withTransaction((tx) =>
    postToLedger(tx, { kind: 'cash_collected', sourceId: newId(), orderId: newId(), currency: 'INR', lines }),
  );
}

describe('cash at the door', () => {
  it('delivered with what is due: the payment is collected, the courier owes it, and is paid for the way', async () => {
    const { delivery, courier, step, orderId, actor } = await atTheDoor();
    expect((await getCurrentDelivery(actor)).cashMinor).toBe(DUE);
    await step({ type: 'delivered', pin: delivery.pin, cashCollectedMinor: DUE });
    expect(await getStoredOrder(orderId)).toMatchObject({
      ...{ status: 'delivered', paymentStatus: 'cod_collected', courierFeeMinor: delivery.feeMinor },
    });
    expect(await PaymentModel.findOne({ orderId }).lean()).toMatchObject({ status: 'cod_collected' });
    expect(await courierCashBalance(courier._id, 'INR')).toBe(DUE);
  });

  it.each([undefined, 0, DUE - 1, DUE + 1])(
    '%s instead of what is due: refused, and nothing has happened',
    async (cash) => {
      const { delivery, courier, step, orderId } = await atTheDoor();
      const refused = { code: 'cash_amount_wrong', details: { due: { amount: DUE, currency: 'INR' } } };
      const { pin } = delivery;
      await expect(step({ type: 'delivered', pin, cashCollectedMinor: cash })).rejects.toMatchObject(refused);
      expect((await getStoredDelivery(orderId)).status).toBe('at_dropoff');
      expect(await PaymentModel.findOne({ orderId }).lean()).toMatchObject({ status: 'cod_due' });
      expect(await courierCashBalance(courier._id, 'INR')).toBe(0);
    },
  );

  it('cash for an order that was paid by card: refused', async () => {
    const { delivery, step } = await createDeliveryAtDropoff();
    const { pin } = delivery;
    await expect(step({ type: 'delivered', pin, cashCollectedMinor: 1 })).rejects.toMatchObject({
      ...{ code: 'cash_amount_wrong', details: { due: { amount: 0, currency: 'INR' } } },
    });
  });
});

describe('cash that the courier hands in', () => {
  const statusOf = async (orderId: string) => {
    const [payment, order] = await Promise.all([PaymentModel.findOne({ orderId }).lean(), getStoredOrder(orderId)]);
    return [payment?.status, order.paymentStatus];
  };

  it('settles the orders that it covers in full, oldest first, and no other', async () => {
    const { delivery, courier, step, orderId } = await atTheDoor();
    await step({ type: 'delivered', pin: delivery.pin, cashCollectedMinor: DUE });
    await carries(courier._id, 5_000);
    await createUser({ _id: courier._id, roles: ['courier'] });
    const handIn = async (amount: number) => {
      const idempotency = { key: newId(), operation: 'recordCashDeposit', userId: newId(), bodyHash: newId() };
      const admin: Actor = { userId: newId(), roles: ['admin'], sessionId: newId() };
      await recordCashDeposit({ courierId: courier._id, amount: { amount, currency: 'INR' }, idempotency }, admin);
      await settleHandedIn({ courierId: courier._id, currency: 'INR' });
    };
    await handIn(DUE - 1);
    expect(await statusOf(orderId)).toEqual(['cod_collected', 'cod_collected']);
    await handIn(1);
    expect(await statusOf(orderId)).toEqual(['settled', 'settled']);
    await settleHandedIn({ courierId: courier._id, currency: 'INR' });
    expect(await courierCashBalance(courier._id, 'INR')).toBe(5_000);
  });

  it('settles all that a payout sets off against earnings', async () => {
    const { delivery, courier, step, orderId } = await atTheDoor();
    await step({ type: 'delivered', pin: delivery.pin, cashCollectedMinor: DUE });
    await createEarning({ courier: courier._id, amountMinor: DUE + 1 });
    const [payoutId = ''] = await runPayouts();
    await settleSetOff(payoutId);
    expect(await statusOf(orderId)).toEqual(['settled', 'settled']);
    expect(await courierCashBalance(courier._id, 'INR')).toBe(0);
  });
});

describe('who is asked to take cash', () => {
  it('only couriers who stay within the limit; for the others the next nearest', async () => {
    const limitMinor = config.money.courierCashLimits['INR'] ?? 0;
    const [over, exact, next] = await createCouriersAt(100, 200, 300);
    await carries(over?._id ?? '', limitMinor - DUE + 1);
    await carries(exact?._id ?? '', limitMinor - DUE);
    const { _id } = await createDelivery({ paymentMethod: 'cash' });
    await startOffers(_id);
    const asked = (await listStoredOffers(_id)).map(({ courierId }) => courierId);
    expect(asked).toEqual([exact?._id, next?._id]);
  });

  it('everybody, for an order that is paid by card', async () => {
    const [over] = await createCouriersAt(100);
    await carries(over?._id ?? '', config.money.courierCashLimits['INR'] ?? 0);
    const { _id } = await createDelivery();
    await startOffers(_id);
    expect(await listStoredOffers(_id)).toHaveLength(1);
  });
});
