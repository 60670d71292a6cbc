import { Schema, model } from 'mongoose';

/** The languages of the cities we are in. */
export const LANGUAGES = ['en', 'hi', 'fr'] as const;
export const REPLACEMENT_CHOICES = ['substitute', 'remove', 'cancel'] as const;

interface Channels {
  email: boolean;
  sms: boolean;
  push: boolean;
}

/** What a person wants to hear of, when, and in which language. Mails about orders heed it; the rest waits for what is not built yet. */
export interface Preferences {
  channels: { orderUpdates: Channels; offers: Channels };
  /** Wall-clock times `HH:mm`; a span that ends at or before it begins ends on the next day. */
  quietHours: { from: string; to: string; timeZone: string } | null;
  language: (typeof LANGUAGES)[number];
  /** What the kitchen may do when an item has run out and nobody answers; every quote takes it over. */
  replacementChoice: (typeof REPLACEMENT_CHOICES)[number];
}

export interface PreferencesRow extends Preferences {
  /** The user's id. */
  _id: string;
  updatedAt: Date;
}

const flag = { type: Boolean, required: true };
const text = { type: String, required: true };
const channelsSchema = new Schema<Channels>({ email: flag, sms: flag, push: flag }, { _id: false });
const quietHoursSchema = new Schema({ from: text, to: text, timeZone: text }, { _id: false });

// Every query goes by _id, so there is no other index.
const preferencesSchema = new Schema<PreferencesRow>(
  {
    _id: text,
    channels: {
      type: new Schema({ orderUpdates: channelsSchema, offers: channelsSchema }, { _id: false }),
      required: true,
    },
    quietHours: { type: quietHoursSchema, default: null },
    language: { type: String, enum: LANGUAGES, required: true },
    replacementChoice: { type: String, enum: REPLACEMENT_CHOICES, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'preferences', versionKey: false },
);

export const PreferencesModel = model('Preferences', preferencesSchema);
