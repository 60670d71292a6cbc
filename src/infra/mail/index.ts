export { renderMail, sendMail } from './mailer.ts';
