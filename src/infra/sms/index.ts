export { isSmsOn, sendSms, SmsFailure } from './sms-sender.ts';
