export { isPushOn, sendPush, type PushMessage, type PushResult } from './push-sender.ts';
