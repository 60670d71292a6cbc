import type { Preferences } from './preferences.model.ts';
import { getPreferences } from './preferences.service.ts';
import { getUser, updateProfile as changeUser, type UserRecord } from './users.service.ts';

export interface Profile {
  user: UserRecord;
  language: Preferences['language'];
}

/** @throws AppError `not_found` */
export async function getMe(userId: string): Promise<Profile> {
  const [user, { language }] = await Promise.all([getUser(userId), getPreferences(userId)]);
  return { user, language };
}

/** @throws AppError `not_found` */
export async function updateMe(change: Parameters<typeof changeUser>[0], userId: string): Promise<Profile> {
  const [user, { language }] = await Promise.all([changeUser(change, userId), getPreferences(userId)]);
  return { user, language };
}
