export { isSmsOn, sendSms, SmsFailure, takeSmsBudget } from './sms-sender.ts';
