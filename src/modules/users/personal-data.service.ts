import type { Tx } from '../../infra/mongo/index.ts';
import { now } from '../../shared/clock.ts';
import { FavouriteModel, type FavouriteRow } from './favourite.model.ts';
import { PreferencesModel } from './preferences.model.ts';
import { getPreferences } from './preferences.service.ts';
import { PushDeviceModel } from './push-device.model.ts';
import { listPushDevices } from './push-devices.service.ts';
import { listAddresses } from './addresses.service.ts';
import { UserModel } from './user.model.ts';
import { getUser } from './users.service.ts';

/** The name that is left where somebody was. */
const NOBODY = 'Deleted account';

/** Everything of this module that is about the person, without secrets. @throws AppError `not_found` */
export async function exportUserData(userId: string) {
  const [user, addresses, preferences, favourites, devices] = await Promise.all([
    getUser(userId),
    listAddresses(userId),
    getPreferences(userId),
    FavouriteModel.find({ userId }).sort({ _id: -1 }).lean<FavouriteRow[]>(),
    listPushDevices(userId),
  ]);
  const { sessionVersion: _sessionVersion, ...profile } = user;
  return {
    profile,
    addresses,
    preferences,
    favourites: favourites.map(({ restaurantId, createdAt }) => ({ restaurantId, addedAt: createdAt })),
    pushDevices: devices,
  };
}

/**
 * Leaves a row that the books can point to, and nobody behind it: the e-mail and the phone are free for anybody, every session has
 * ended, and no log-in leads here. A second time it changes nothing.
 * @returns the e-mail that was there, or null when the account was not active
 */
export async function forgetUser(tx: Tx, userId: string): Promise<{ email: string } | null> {
  const at = now();
  const before = await UserModel.collection.findOneAndUpdate(
    { _id: userId as never, status: 'active' },
    {
      $set: {
        email: `deleted-${userId}@deleted.invalid`,
        emailVerifiedAt: null,
        name: NOBODY,
        phone: null,
        phoneVerifiedAt: null,
        roles: ['customer'],
        passwordHash: null,
        passwordChangedAt: null,
        hasSecondFactor: false,
        status: 'deleted',
        statusReason: null,
        addresses: [],
        imageId: null,
        picture: null,
        updatedAt: at,
      },
      $inc: { sessionVersion: 1 },
    },
    { session: tx, returnDocument: 'before', projection: { email: 1 } },
  );
  await forgetBelongings(tx, userId);
  return before === null ? null : { email: String(before['email']) };
}

async function forgetBelongings(tx: Tx, userId: string): Promise<void> {
  await FavouriteModel.collection.deleteMany({ userId }, { session: tx });
  await PushDeviceModel.collection.deleteMany({ userId }, { session: tx });
  await PreferencesModel.collection.deleteOne({ _id: userId as never }, { session: tx });
}
