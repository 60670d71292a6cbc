import { setTimeout as sleep } from 'node:timers/promises';
import mongoose from 'mongoose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/bootstrap.ts';
import { recordAudit } from '../../../src/infra/audit/index.ts';
import { shutdown } from '../../../src/infra/lifecycle/index.ts';
import { withTransaction } from '../../../src/infra/mongo/index.ts';
import { AccountLinkModel } from '../../../src/modules/auth/links/account-link.model.ts';
import { requestLink } from '../../../src/modules/auth/links/account-links.service.ts';
import { SecondFactorModel } from '../../../src/modules/auth/second-factor/second-factor.model.ts';
import { IdentityModel } from '../../../src/modules/auth/social/identity.model.ts';
import { CartModel } from '../../../src/modules/carts/cart.model.ts';
import { placeOrder } from '../../../src/modules/checkout/checkout.service.ts';
import { createQuote } from '../../../src/modules/checkout/quotes.service.ts';
import { QuoteModel } from '../../../src/modules/checkout/quote.model.ts';
import { OrderModel } from '../../../src/modules/orders/order.model.ts';
import { deleteAccount, finishDeletion } from '../../../src/modules/privacy/delete-account.service.ts';
import { makeExport } from '../../../src/modules/privacy/make-export.service.ts';
import { RestaurantStaffModel } from '../../../src/modules/staff/restaurant-staff.model.ts';
import { StaffInvitationModel } from '../../../src/modules/staff/staff-invitation.model.ts';
import { addAddress } from '../../../src/modules/users/addresses.service.ts';
import { addFavourite } from '../../../src/modules/users/favourites.service.ts';
import { setPreferences } from '../../../src/modules/users/preferences.service.ts';
import { registerPushDevice } from '../../../src/modules/users/push-devices.service.ts';
import { UserModel } from '../../../src/modules/users/user.model.ts';
import { now, secondsFromNow } from '../../../src/shared/clock.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createCourier } from '../../factories/courier.ts';
import { createDelivery } from '../../factories/delivery.ts';
import { createPendingExport } from '../../factories/export.ts';
import { createOrderIn } from '../../factories/order.ts';
import { createRestaurant, metersNorth } from '../../factories/restaurant.ts';
import { createInvitation } from '../../factories/staff.ts';
import { buildPhone, PASSWORD } from '../../factories/user.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { fillCart, placing } from '../../support/checkout.ts';
import { createKitchen, NEAR_HOME } from '../../support/kitchen.ts';
import { logInAs, type Login } from '../../support/log-in.ts';

beforeAll(bootstrap);
afterEach(emptyCollections);
afterAll(() => shutdown('test'));

/** Words that stand nowhere else; each is planted wherever a person can leave it. */
const CANARY = 'zqxjkv';
const EMAIL = `${CANARY}-mail@example.com`;
const PHONE = '+915550199887';
/** 15.20777, 73.10888: nowhere near anything else of the tests. */
const HOME = { lat: 15.20777, lng: 73.10888 };
const TRACES = [CANARY, PHONE, String(HOME.lat), String(HOME.lng)];
const ADDRESS = {
  label: `${CANARY} home`,
  line1: `${CANARY} road 1`,
  line2: `${CANARY} floor`,
  city: `${CANARY} town`,
  postcode: CANARY,
  location: HOME,
  instructions: `${CANARY} bell`,
};

async function makePerson(): Promise<Login> {
  const login = await logInAs({ name: `${CANARY} name`, email: EMAIL, phone: PHONE, roles: ['customer', 'courier'] });
  const { userId } = login;
  await addAddress(ADDRESS, userId);
  const { _id: restaurantId } = await createRestaurant();
  await addFavourite(restaurantId, userId);
  await registerPushDevice(buildPhone({ name: `${CANARY} phone`, token: `${CANARY}-token-0123456789` }), userId);
  const orderUpdates = { email: true, sms: true, push: true };
  await setPreferences(
    {
      ...{ channels: { orderUpdates, offers: orderUpdates }, language: 'hi', replacementChoice: 'cancel' },
      quietHours: { from: '22:00', to: '07:00', timeZone: 'Asia/Kolkata' },
    },
    userId,
  );
  await createCourier({ _id: userId, isOnline: false, location: { type: 'Point', coordinates: [HOME.lng, HOME.lat] } });
  await IdentityModel.create({ userId, provider: 'google', subject: `${CANARY}-sub`, email: EMAIL, linkedAt: now() });
  await SecondFactorModel.create({
    ...{ _id: userId, sealedSecret: `${CANARY}-secret`, confirmedAt: now(), lastStep: 1, recoveryMacs: [] },
    createdAt: now(),
  });
  await withTransaction((tx) => requestLink(tx, { kind: 'reset', email: EMAIL }));
  await withTransaction((tx) => requestLink(tx, { kind: 'verify', email: EMAIL, userId }));
  return login;
}

async function employ({ userId }: Login): Promise<void> {
  const at = { createdAt: now(), updatedAt: now() };
  const post = { restaurantId: newId(), role: 'kitchen' as const, ...at };
  await RestaurantStaffModel.create({ ...post, userId });
  await StaffInvitationModel.create({
    ...{ ...post, email: EMAIL, invitedBy: newId(), status: 'open', expiresAt: secondsFromNow(3_600) },
  });
}

/** Ordered, quoted and thrown into a cart: all of it with notes and the address. */
async function buy({ userId }: Login): Promise<string> {
  const deliveryAddress = { ...ADDRESS };
  const notes = `${CANARY} notes`;
  const delivered = await createOrderIn('delivered', { customerId: userId, deliveryAddress, notes });
  await OrderModel.collection.updateOne({ _id: delivered._id as never }, { $set: { 'items.0.note': `${CANARY} hot` } });
  const { orderId } = await createDelivery({ customerId: userId, deliveryAddress, notes });
  await OrderModel.updateOne({ _id: orderId }, { status: 'cancelled', endedAt: now() });
  const kitchen = await createKitchen();
  await fillCart(kitchen, userId);
  const quote = await createQuote({ address: { ...ADDRESS, location: NEAR_HOME.location }, tipMinor: 0 }, userId);
  const actor = { userId, roles: ['customer' as const], sessionId: newId() };
  await placeOrder({ quoteId: quote._id, notes, idempotency: placing(userId) }, actor);
  await OrderModel.updateOne({ quoteId: quote._id }, { status: 'cancelled', endedAt: now() });
  await fillCart(kitchen, userId);
  await CartModel.collection.updateOne({ _id: userId as never }, { $set: { 'lines.0.note': `${CANARY} mild` } });
  await createQuote({ address: { ...ADDRESS, location: NEAR_HOME.location }, tipMinor: 0 }, userId);
  return delivered._id;
}

/** Every document of every collection that still says something about the person. */
async function traces(): Promise<string[]> {
  const { db } = mongoose.connection;
  if (db === undefined) throw new Error('bootstrap connects first');
  const found: string[] = [];
  for (const { name } of await db.listCollections({}, { nameOnly: true }).toArray()) {
    for await (const document of db.collection(name).find()) {
      const text = JSON.stringify(document);
      found.push(...TRACES.filter((trace) => text.includes(trace)).map((trace) => `${name}: ${trace}`));
    }
  }
  return found.toSorted();
}

const actorOf = ({ userId, sessionId }: Login) => ({ userId, sessionId, roles: ['customer' as const] });

describe('the end of an account', () => {
  it('leaves no word of the person in any collection, and every price as it was', async () => {
    const login = await makePerson();
    await employ(login);
    const orderId = await buy(login);
    const before = await OrderModel.findById(orderId).lean();
    const planted = new Set((await traces()).map((trace) => trace.split(':')[0]));
    expect([...planted].toSorted()).toEqual([
      ...['account_links', 'carts', 'couriers', 'deliveries', 'idempotency_keys', 'identities', 'orders'],
      ...['push_devices', 'quotes', 'second_factors', 'staff_invitations', 'users'],
    ]);
    await deleteAccount({ password: PASSWORD }, actorOf(login));
    await finishDeletion(login.userId);
    expect(await traces()).toEqual([]);
    const after = await OrderModel.findById(orderId).lean();
    const { items, pricing, number, customerId, placedAt, endedAt } = before ?? {};
    expect(after).toMatchObject({ pricing, number, customerId, placedAt, endedAt, notes: null });
    expect(after?.items).toEqual(items?.map(({ note: _note, ...item }) => item));
  });

  it('leaves no invitation and no link to an address that the person had before', async () => {
    const former = `${CANARY}-former@example.com`;
    const taken = `${CANARY}x-taken@example.com`;
    const login = await makePerson();
    await logInAs({ email: taken });
    for (const previousEmail of [former, taken]) {
      const link = { kind: 'change_email' as const, email: EMAIL, userId: login.userId, previousEmail };
      const linkId = await withTransaction((tx) => requestLink(tx, { ...link, sessionVersion: 0 }));
      await AccountLinkModel.updateOne({ _id: linkId }, { usedAt: now() });
      await createInvitation({ email: previousEmail });
    }
    await withTransaction((tx) => requestLink(tx, { kind: 'reset', email: former }));
    await deleteAccount({ password: PASSWORD }, actorOf(login));
    await finishDeletion(login.userId);
    // Whose address it is now keeps what was sent there.
    expect(await traces()).toEqual([`staff_invitations: ${CANARY}`, `users: ${CANARY}`]);
    expect(await StaffInvitationModel.find().lean()).toMatchObject([{ email: taken }]);
  });

  it('keeps the audit log, whatever stands in it', async () => {
    const login = await makePerson();
    const change = { event: 'email.changed' as const, subjectId: login.userId, before: { email: EMAIL } };
    await withTransaction((tx) => recordAudit(tx, change));
    await deleteAccount({ password: PASSWORD }, actorOf(login));
    await finishDeletion(login.userId);
    expect(await traces()).toEqual([`audit_log: ${CANARY}`]);
  });

  it('touches nothing of anybody else', async () => {
    const [login, other] = [await makePerson(), await logInAs({ addresses: [] })];
    await addAddress(
      { ...ADDRESS, line1: 'Other road', line2: null, postcode: null, instructions: null },
      other.userId,
    );
    const order = await createOrderIn('delivered', { customerId: other.userId });
    await deleteAccount({ password: PASSWORD }, actorOf(login));
    await finishDeletion(login.userId);
    expect(await UserModel.findById(other.userId).lean()).toMatchObject({
      status: 'active',
      addresses: [{ line1: 'Other road' }],
    });
    expect(await OrderModel.findById(order._id).lean()).toEqual(order);
    expect(await AccountLinkModel.countDocuments()).toBe(0);
  });

  it('waits for an order that a request under way has placed, and then forgets it', async () => {
    const login = await logInAs();
    await deleteAccount({ password: PASSWORD }, actorOf(login));
    const { _id } = await createOrderIn('placed', { customerId: login.userId, notes: CANARY });
    await expect(finishDeletion(login.userId)).rejects.toThrow('under way');
    await OrderModel.updateOne({ _id }, { status: 'delivered' });
    await finishDeletion(login.userId);
    expect(await OrderModel.findById(_id).lean()).toMatchObject({ notes: null, deliveryAddress: { line1: '' } });
  });
});

describe('an account that ends while', () => {
  it('an order is placed: there is either the order or the end, and never an order of nobody', async () => {
    for (let round = 0; round < 10; round += 1) {
      const login = await logInAs({ passwordHash: null });
      const { userId } = login;
      const kitchen = await createKitchen();
      await fillCart(kitchen, userId);
      const { _id: quoteId } = await createQuote({ address: NEAR_HOME, tipMinor: 0 }, userId);
      const [placed, deleted] = await Promise.allSettled([
        sleep(round * 2).then(() => placeOrder({ quoteId, idempotency: placing(userId) }, actorOf(login))),
        deleteAccount({}, actorOf(login)),
      ]);
      expect([placed.status, deleted.status].toSorted()).toEqual(['fulfilled', 'rejected']);
      const user = await UserModel.findById(userId).lean();
      const isDeleted = deleted.status === 'fulfilled';
      expect(user?.status).toBe(isDeleted ? 'deleted' : 'active');
      expect(await OrderModel.countDocuments({ customerId: userId })).toBe(isDeleted ? 0 : 1);
      expect(await QuoteModel.countDocuments({ customerId: userId })).toBe(isDeleted ? 0 : 1);
    }
  });

  it('things are added to it: what remains of them is nothing', async () => {
    const login = await logInAs({ passwordHash: null });
    const { userId } = login;
    const restaurants = await Promise.all(Array.from({ length: 5 }, () => createRestaurant()));
    await Promise.allSettled([
      ...restaurants.map(({ _id }, n) => sleep(n * 5).then(() => addFavourite(_id, userId))),
      registerPushDevice(buildPhone(), userId),
      addAddress(ADDRESS, userId),
      deleteAccount({}, actorOf(login)),
    ]);
    expect(await UserModel.findById(userId).lean()).toMatchObject({ status: 'deleted', addresses: [] });
    const { db } = mongoose.connection;
    for (const name of ['favourites', 'push_devices', 'preferences']) {
      expect(await db?.collection(name).countDocuments({ userId }), name).toBe(0);
    }
  });

  it('its export is made: the export goes with it', async () => {
    const login = await logInAs({ passwordHash: null });
    const { _id } = await createPendingExport(login.userId);
    await Promise.allSettled([makeExport(_id, { isLastAttempt: false }), deleteAccount({}, actorOf(login))]);
    expect(await mongoose.connection.collection('exports').countDocuments()).toBe(0);
  });
});

describe('a favourite', () => {
  it('put twenty times at once stands there once', async () => {
    const { userId } = await logInAs();
    const { _id } = await createRestaurant({ location: metersNorth(5) });
    await Promise.all(Array.from({ length: 20 }, () => addFavourite(_id, userId)));
    expect(await mongoose.connection.collection('favourites').countDocuments()).toBe(1);
  });
});
