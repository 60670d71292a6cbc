import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { config } from '../../../src/config/index.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { getCurrentDelivery } from '../../../src/modules/deliveries/deliveries.service.ts';
import { startOffers } from '../../../src/modules/deliveries/dispatch.service.ts';
import { courierCashBalance, postToLedger } from '../../../src/modules/ledger/index.ts';
import { createPayment } from '../../../src/modules/payments/index.ts';
import { PaymentModel } from '../../../src/modules/payments/payment.model.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createCouriersAt } from '../../factories/courier.ts';
import {
  createDelivery,
  createDeliveryAtDropoff,
  getStoredDelivery,
  getStoredOrder,
  listStoredOffers,
} from '../../factories/delivery.ts';
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
