export { USER_SIGNED_UP } from './auth.events.ts';
export { verifyAccessToken } from './auth.service.ts';
