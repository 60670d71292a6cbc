export { renderMail, sendMail, wasRefused } from './mailer.ts';
