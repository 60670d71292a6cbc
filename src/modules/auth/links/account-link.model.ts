import { Schema, model } from 'mongoose';
import { newId } from '../../../shared/ids.ts';
import { LINK_KINDS, type LinkKind } from './link-kinds.ts';

/** One link that was or will be mailed. Its token is made when the mail goes out, and stored under its HMAC only. */
export interface AccountLinkRow {
  _id: string;
  kind: LinkKind;
  /** Normalised; where the mail goes. */
  email: string;
  /** null with `reset` until the mail goes out: only then is the account looked up. */
  userId: string | null;
  /** `change_email`: the account's address when it was asked for. */
  previousEmail: string | null;
  /** `change_email`: the account's then. Whatever ends its sessions ends the link. */
  sessionVersion: number | null;
  /** Of the newest token; the mails before it are dead. */
  mac: string | null;
  createdAt: Date;
  expiresAt: Date;
  usedAt: Date | null;
  /** What it was good for has happened otherwise, or must not happen any more. */
  closedAt: Date | null;
}

/** Longer than a mail job tries, which reads the row; then the address goes. */
const KEPT_AFTER_EXPIRY_SECONDS = 24 * 3600;

const accountLinkSchema = new Schema<AccountLinkRow>(
  {
    _id: { type: String, default: newId },
    kind: { type: String, enum: LINK_KINDS, required: true },
    email: { type: String, required: true },
    userId: { type: String, default: null },
    previousEmail: { type: String, default: null },
    sessionVersion: { type: Number, default: null },
    mac: { type: String, default: null },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    usedAt: { type: Date, default: null },
    closedAt: { type: Date, default: null },
  },
  { collection: 'account_links', versionKey: false },
);
// Serves getOpenLink; unique, because a token opens one link. By `$gt`: with `$type` the planner does not see that it fits.
accountLinkSchema.index({ mac: 1 }, { unique: true, partialFilterExpression: { mac: { $gt: '' } } });
// Serves closeLinks and findFormerEmails, among the links whose account is known.
accountLinkSchema.index({ userId: 1, kind: 1 }, { partialFilterExpression: { userId: { $gt: '' } } });
// Serves forgetLogIns: what was asked for with an address and no account.
accountLinkSchema.index({ email: 1 });
// Serves the clean-up.
accountLinkSchema.index({ expiresAt: 1 }, { expireAfterSeconds: KEPT_AFTER_EXPIRY_SECONDS });

export const AccountLinkModel = model('AccountLink', accountLinkSchema);
