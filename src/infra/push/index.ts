export { isPushOn, sendPush, type PushMessage } from './push-sender.ts';
