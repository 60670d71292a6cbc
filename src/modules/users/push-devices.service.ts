import { createHash } from 'node:crypto';
import { trusted } from 'mongoose';
import { config } from '../../config/index.ts';
import { AppError, isDuplicateKey } from '../../errors/index.ts';
import { withTransaction, type Tx } from '../../infra/mongo/index.ts';
import { now } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import { holdAccount } from './account-hold.service.ts';
import { PushDeviceModel, type PushDeviceRow, type PushPlatform } from './push-device.model.ts';
import { isPushEndpoint } from './push-endpoint.ts';
import { findUsers, getUser } from './users.service.ts';

export const MAX_PUSH_DEVICES = 20;

export type NewPushDevice =
  | { platform: 'web'; name: string; endpoint: string; keys: { p256dh: string; auth: string } }
  | { platform: 'ios' | 'android'; name: string; token: string };

/** Without the token, which is a secret: who has it can send to the device. */
export interface PushDevice {
  id: string;
  platform: PushPlatform;
  name: string;
  registeredAt: Date;
}

/** Those of log-ins that are still good, the last registered first. */
export async function listPushDevices(userId: string): Promise<PushDevice[]> {
  const { sessionVersion } = await getUser(userId);
  const rows = await pushDevicesQuery(userId).lean<PushDeviceRow[]>();
  return rows.filter((row) => row.sessionVersion === sessionVersion).map(toPushDevice);
}

/** Exported for the explain test. */
export function pushDevicesQuery(userId: string) {
  return PushDeviceModel.find({ userId }, { keys: 0, token: 0, endpoint: 0, tokenHash: 0 }).sort({
    registeredAt: -1,
    _id: -1,
  });
}

/**
 * The token belongs to whoever registers it last: one phone, several accounts one after the other. An account keeps its twenty
 * newest, since phones are replaced and nobody signs the old one off.
 * @throws AppError `unauthenticated` once the account has ended
 */
export async function registerPushDevice(device: NewPushDevice, userId: string): Promise<PushDevice> {
  try {
    return await withTransaction((tx) => upsertDevice(tx, device, userId));
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    // Two first registrations of one token: the loser finds the row.
    return withTransaction((tx) => upsertDevice(tx, device, userId));
  }
}

async function upsertDevice(tx: Tx, device: NewPushDevice, userId: string): Promise<PushDevice> {
  const { sessionVersion } = await holdAccount(tx, userId);
  const { platform, name } = device;
  const set: Omit<PushDeviceRow, '_id' | 'tokenHash'> = {
    ...{ userId, sessionVersion, platform, name, registeredAt: now() },
    ...(device.platform === 'web'
      ? { endpoint: device.endpoint, keys: device.keys, token: null }
      : { endpoint: null, keys: null, token: device.token }),
  };
  const row = await PushDeviceModel.collection.findOneAndUpdate(
    { tokenHash: hashOf(device) },
    { $set: set, $setOnInsert: { _id: newId() } },
    { session: tx, upsert: true, returnDocument: 'after' },
  );
  await dropOthers(tx, { userId, sessionVersion });
  return toPushDevice(row as unknown as PushDeviceRow);
}

/** Beyond the newest, and those of log-ins that were ended. */
async function dropOthers(tx: Tx, { userId, sessionVersion }: { userId: string; sessionVersion: number }) {
  const rows = await pushDevicesQuery(userId).session(tx).lean<PushDeviceRow[]>();
  const current = rows.filter((row) => row.sessionVersion === sessionVersion);
  const kept = new Set(current.slice(0, MAX_PUSH_DEVICES).map(({ _id }) => _id));
  const dropped = rows.map(({ _id }) => _id).filter((id) => !kept.has(id));
  if (dropped.length > 0) await PushDeviceModel.deleteMany({ _id: trusted({ $in: dropped }) }).session(tx);
}

/** @throws AppError `not_found`, also for somebody else's */
export async function deletePushDevice(deviceId: string, userId: string): Promise<void> {
  const { deletedCount } = await PushDeviceModel.deleteOne({ _id: deviceId, userId });
  if (deletedCount === 0) throw new AppError('not_found');
}

export interface PushTarget {
  id: string;
  endpoint: string;
  keys: { p256dh: string; auth: string };
}

/** Browsers of these people whose log-in is still good, and whose push service we still know (it is asked again at each use). */
export async function listPushTargets(userIds: readonly string[]): Promise<PushTarget[]> {
  const users = await findUsers(userIds);
  const versionOf = new Map(
    users.map(({ id, status, sessionVersion }) => [id, status === 'active' ? sessionVersion : -1]),
  );
  const rows = await PushDeviceModel.find({ userId: trusted({ $in: [...userIds] }) }).lean<PushDeviceRow[]>();
  return rows.flatMap(({ _id: id, userId, sessionVersion, endpoint, keys }) => {
    const isUsable = endpoint !== null && isPushEndpoint(endpoint, config.push.services);
    return isUsable && keys !== null && versionOf.get(userId) === sessionVersion ? [{ id, endpoint, keys }] : [];
  });
}

/** The push service says that nobody is there any more. */
export async function dropPushTarget(deviceId: string): Promise<void> {
  await PushDeviceModel.deleteOne({ _id: deviceId });
}

function hashOf(device: NewPushDevice): string {
  const text = device.platform === 'web' ? `web:${device.endpoint}` : `${device.platform}:${device.token}`;
  return createHash('sha256').update(text).digest('hex');
}

function toPushDevice({ _id: id, platform, name, registeredAt }: PushDeviceRow): PushDevice {
  return { id, platform, name, registeredAt };
}
