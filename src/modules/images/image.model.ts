import { Schema, model, type mongo } from 'mongoose';
import { newSecretId } from '../../shared/ids.ts';
import type { Picture } from '../../shared/picture.ts';

/** What it is for; it can be attached there and nowhere else. A clip is a short film of a dish. */
export const IMAGE_PURPOSES = ['restaurant', 'dish', 'clip', 'profile', 'review', 'proof'] as const;
export type ImagePurpose = (typeof IMAGE_PURPOSES)[number];

/** `removed` is for us alone: nobody is shown the row, and it goes when its assets are gone. */
export const IMAGE_STATUSES = ['pending', 'ready', 'failed', 'removed'] as const;
/** `corrupt`: it does not decode. `timed_out`: a day went by. The others: what came directly is not what was announced. */
export const IMAGE_REASONS = [
  'corrupt',
  'too_many_pixels',
  'too_large',
  'too_long',
  'wrong_format',
  'not_uploaded',
  'refused_by_provider',
  'timed_out',
] as const;
export type ImageReason = (typeof IMAGE_REASONS)[number];

export interface ImageRow {
  /** Part of public addresses, so nobody can guess one from another. */
  _id: string;
  /** null: their account is gone, and what it shows is somebody else's. */
  ownerId: string | null;
  purpose: ImagePurpose;
  status: (typeof IMAGE_STATUSES)[number];
  reason: ImageReason | null;
  /** Uploaded to the cloud by its owner; of the others we have the bytes. */
  isDirect: boolean;
  /** The cloud has not said yet that it came. */
  isAwaited: boolean;
  /** Of the original: jpg, png, webp, avif, mp4, mov; empty while it is awaited. */
  format: string;
  bytes: number;
  width: number;
  height: number;
  durationSeconds: number | null;
  /** Where it is shown. One place. */
  attachedTo: { kind: ImagePurpose; id: string } | null;
  picture: Picture | null;
  clipUrl: string | null;
  /** While a worker is at it nobody else is. */
  claimedUntil: Date;
  attempts: number;
  /** When the sweep looks at it next; null: all is well. */
  sweepAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

/** The bytes of an upload, between its 202 and the worker. */
interface OriginalRow {
  _id: string;
  content: mongo.Binary;
  createdAt: Date;
}

/** How much of one day's quota is used: `<owner>-<day>`. */
interface QuotaRow {
  _id: string;
  count: number;
  bytes: number;
  expiresAt: Date;
}

const date = { type: Date, required: true };
const optionalDate = { type: Date, default: null };
const optionalText = { type: String, default: null };
const whole = { type: Number, required: true, validate: Number.isInteger };

const imageSchema = new Schema<ImageRow>(
  {
    _id: { type: String, default: newSecretId },
    ownerId: optionalText,
    purpose: { type: String, enum: IMAGE_PURPOSES, required: true },
    status: { type: String, enum: IMAGE_STATUSES, required: true },
    reason: optionalText,
    isDirect: { type: Boolean, required: true },
    isAwaited: { type: Boolean, required: true },
    format: { type: String, default: '' },
    bytes: whole,
    width: whole,
    height: whole,
    durationSeconds: { type: Number, default: null },
    attachedTo: { type: Schema.Types.Mixed, default: null },
    picture: { type: Schema.Types.Mixed, default: null },
    clipUrl: optionalText,
    claimedUntil: date,
    attempts: whole,
    sweepAt: optionalDate,
    createdAt: date,
    updatedAt: date,
  },
  { collection: 'images', versionKey: false },
);
// Serves sweepImages; without a date a row is in no range.
imageSchema.index({ sweepAt: 1 });
// Serves exportImages and forgetImages.
imageSchema.index({ ownerId: 1, _id: 1 });

const originalSchema = new Schema<OriginalRow>(
  { _id: { type: String, required: true }, content: { type: Buffer, required: true }, createdAt: date },
  { collection: 'image_originals', versionKey: false },
);

const quotaSchema = new Schema<QuotaRow>(
  { _id: { type: String, required: true }, count: whole, bytes: whole, expiresAt: date },
  { collection: 'image_quotas', versionKey: false },
);
// Serves the clean-up.
quotaSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export const ImageModel = model('Image', imageSchema);
const OriginalModel = model('ImageOriginal', originalSchema);
const QuotaModel = model('ImageQuota', quotaSchema);

export function images(): mongo.Collection<ImageRow> {
  return ImageModel.collection as unknown as mongo.Collection<ImageRow>;
}

export function originals(): mongo.Collection<OriginalRow> {
  return OriginalModel.collection as unknown as mongo.Collection<OriginalRow>;
}

export function quotas(): mongo.Collection<QuotaRow> {
  return QuotaModel.collection as unknown as mongo.Collection<QuotaRow>;
}
