import { Schema, model } from 'mongoose';

export const PUSH_PLATFORMS = ['web', 'ios', 'android'] as const;
export type PushPlatform = (typeof PUSH_PLATFORMS)[number];

/** Where a push message for a person can go. A token leads to one device, and a device to whoever registered it last. */
export interface PushDeviceRow {
  _id: string;
  userId: string;
  /** Of platform and token or endpoint: the guard against two owners of one device. */
  tokenHash: string;
  /** The account's at registration; another one there (logged out everywhere, suspended, a new password) silences the device. */
  sessionVersion: number;
  platform: PushPlatform;
  name: string;
  /** `web` has an endpoint with keys, the others a token. */
  endpoint: string | null;
  keys: { p256dh: string; auth: string } | null;
  token: string | null;
  registeredAt: Date;
}

const pushDeviceSchema = new Schema<PushDeviceRow>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    tokenHash: { type: String, required: true },
    sessionVersion: { type: Number, required: true },
    platform: { type: String, enum: PUSH_PLATFORMS, required: true },
    name: { type: String, required: true },
    endpoint: { type: String, default: null },
    keys: { type: new Schema({ p256dh: String, auth: String }, { _id: false }), default: null },
    token: { type: String, default: null },
    registeredAt: { type: Date, required: true },
  },
  { collection: 'push_devices', versionKey: false },
);
// Serves registerPushDevice; unique, so that a token belongs to one account.
pushDeviceSchema.index({ tokenHash: 1 }, { unique: true });
// Serves listPushTargets, listPushDevices and the clean-up at registration, newest first.
pushDeviceSchema.index({ userId: 1, registeredAt: -1, _id: -1 });

export const PushDeviceModel = model('PushDevice', pushDeviceSchema);
