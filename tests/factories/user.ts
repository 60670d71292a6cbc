import { hashSync } from 'bcryptjs';
import { UserModel, type UserRow } from '../../src/modules/users/user.model.ts';
import { now } from '../../src/shared/clock.ts';
import { toGeoJson } from '../../src/shared/geo.ts';
import type { NewPushDevice } from '../../src/modules/users/push-devices.service.ts';
import { newId } from '../../src/shared/ids.ts';

/** The password of every user made here. */
export const PASSWORD = 'correct horse battery';
const PASSWORD_HASH = hashSync(PASSWORD, 4);

/** An active customer without addresses. */
export function buildUser(changes: Partial<UserRow> = {}): UserRow {
  const _id = newId();
  return {
    _id,
    email: `user-${_id}@example.com`,
    emailVerifiedAt: now(),
    name: 'Asha Rao',
    phone: null,
    phoneVerifiedAt: null,
    roles: ['customer'],
    passwordHash: PASSWORD_HASH,
    passwordChangedAt: null,
    hasSecondFactor: false,
    status: 'active',
    statusReason: null,
    sessionVersion: 0,
    addresses: [],
    createdAt: now(),
    updatedAt: now(),
    ...changes,
  };
}

export async function createUser(changes: Partial<UserRow> = {}): Promise<UserRow> {
  const user = buildUser(changes);
  await UserModel.create(user);
  return user;
}

export function buildAddress(changes: Partial<UserRow['addresses'][number]> = {}): UserRow['addresses'][number] {
  return {
    _id: newId(),
    label: 'Home',
    line1: '12 Lighthouse Road',
    city: 'Saffron Bay',
    location: toGeoJson({ lat: 12.9352, lng: 74.8211 }),
    ...changes,
  };
}

/** Each with a token of its own. */
export function buildPhone(changes: { name?: string; token?: string } = {}): NewPushDevice {
  return { platform: 'android', name: 'Asha’s phone', token: `fcm-token:${newId()}`, ...changes };
}
