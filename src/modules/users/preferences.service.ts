import { withTransaction } from '../../infra/mongo/index.ts';
import { now } from '../../shared/clock.ts';
import { holdAccount } from './account-hold.service.ts';
import { PreferencesModel, type Preferences, type PreferencesRow } from './preferences.model.ts';

/** Of everybody who never set any: what an order needs, and no advertising. */
const DEFAULTS: Preferences = {
  channels: {
    orderUpdates: { email: true, sms: false, push: true },
    offers: { email: false, sms: false, push: false },
  },
  quietHours: null,
  language: 'en',
  replacementChoice: 'substitute',
};

export async function getPreferences(userId: string): Promise<Preferences> {
  const row = await PreferencesModel.findById(userId, { _id: 0, updatedAt: 0 }).lean<Preferences>();
  return row ?? DEFAULTS;
}

/** Replaces all of them. @throws AppError `unauthenticated` once the account has ended */
export async function setPreferences(preferences: Preferences, userId: string): Promise<Preferences> {
  const { channels, quietHours, language, replacementChoice } = preferences;
  const row: PreferencesRow = { _id: userId, channels, quietHours, language, replacementChoice, updatedAt: now() };
  await withTransaction(async (tx) => {
    await holdAccount(tx, userId);
    const { _id, ...fields } = row;
    await PreferencesModel.collection.replaceOne({ _id: _id as never }, fields, { session: tx, upsert: true });
  });
  return { channels, quietHours, language, replacementChoice };
}
