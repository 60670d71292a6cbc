export { emailSchema, nameSchema, phoneSchema } from './account-fields.ts';
export { getAddress } from './addresses.service.ts';
export {
  createUser,
  findUser,
  findUserByEmail,
  getUser,
  type UserRecord,
  type UserWithPassword,
} from './users.service.ts';
