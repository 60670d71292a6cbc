/*
 * The audit is never erased, so it holds no whole address and no whole number.
 */

/** `a***@example.com` */
export function maskedEmail(email: string): string {
  return email.replace(/^(.)[^@]*/u, '$1***');
}

/** `+91***34` */
export function maskedPhone(phone: string): string {
  return `${phone.slice(0, 3)}***${phone.slice(-2)}`;
}
