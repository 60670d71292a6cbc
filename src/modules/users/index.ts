export { emailSchema, nameSchema, phoneSchema } from './account-fields.ts';
export { holdAccount } from './account-hold.service.ts';
export { isLastAdmin } from './admins.service.ts';
export { setRole } from './account-roles.service.ts';
export { getAddress } from './addresses.service.ts';
export { changeEmail, markEmailVerified, replacePasswordHash, setPassword } from './credentials.service.ts';
export { listFavourites } from './favourites.service.ts';
export { dropPushTarget, listPushTargets } from './push-devices.service.ts';
export { getPreferences } from './preferences.service.ts';
export { showProfilePicture } from './profile-picture.service.ts';
export { exportUserData, forgetUser } from './personal-data.service.ts';
export { setSecondFactor } from './second-factor.service.ts';
export {
  createUser,
  findUser,
  findUserByEmail,
  findUserByPhone,
  findUsers,
  findUserWithPassword,
  getUser,
  raiseSessionVersion,
  type UserRecord,
  type UserWithPassword,
} from './users.service.ts';
export { removePhone, takePhone } from './verified-phone.service.ts';
