export {
  ACCOUNT_CHANGED,
  ACCOUNT_CHANGES,
  CODE_REQUESTED,
  LINK_REQUESTED,
  NEW_DEVICE,
  USER_SIGNED_UP,
  type AccountChangeName,
} from './auth.events.ts';
export { verifyAccessToken } from './auth.service.ts';
export type { CodeChannel } from './codes/code-state.ts';
export { issueCode, type IssuedCode } from './codes/codes.service.ts';
export { LINK_KINDS, type LinkKind } from './links/link-kinds.ts';
export { findPreviousEmail, issueLink } from './links/account-links.service.ts';
export { holdSession } from './sessions/sessions.service.ts';
export { findSessionNotice } from './sessions/session-notice.queries.ts';
export { isEqualMac, macOf } from './keys.ts';
export { exportLogIns, findFormerEmails, forgetLogIns } from './personal-data.service.ts';
export { assertIsPresent } from './reauthentication.service.ts';
