import { Schema, model } from 'mongoose';

/** The inbox: one row per event of the provider, however often it is sent. */
interface WebhookEventRecord {
  /** The provider's event id. */
  _id: string;
  provider: string;
  type: string;
  result: string;
  receivedAt: Date;
}

const KEPT_SECONDS = 90 * 24 * 3600;

const webhookEventSchema = new Schema<WebhookEventRecord>(
  {
    _id: { type: String, required: true },
    provider: { type: String, required: true },
    type: { type: String, required: true },
    result: { type: String, required: true },
    receivedAt: { type: Date, required: true },
  },
  { collection: 'webhook_events', versionKey: false },
);
// Serves the clean-up; the provider repeats an event for three days, not for ninety.
webhookEventSchema.index({ receivedAt: 1 }, { expireAfterSeconds: KEPT_SECONDS });

export const WebhookEventModel = model('WebhookEvent', webhookEventSchema);
