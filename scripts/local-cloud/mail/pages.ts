import type { StoredMail } from './mailbox.ts';
import { escapeHtml } from '../http.ts';
import type { StoredSms } from '../twilio/message.ts';

/** `srcdoc` frames inherit it: the mail on show loads nothing from anywhere and runs nothing. */
export const INBOX_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'";

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
  table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #ddd}
  pre{white-space:pre-wrap;background:#f6f6f6;padding:1rem}iframe{width:100%;height:34rem;border:1px solid #ccc}
  td:first-child,td:nth-child(2){white-space:nowrap}.sms{white-space:pre-wrap}.twice{color:#b00020}`;

interface ListedMail {
  mail: StoredMail;
  copies: number;
}

export function inboxPage(mails: readonly ListedMail[], messages: readonly StoredSms[]): string {
  const body = `<h1>Inbox</h1>
    <p>This page looks again every five seconds.</p>
    <h2>Mail</h2>${mailTable(mails)}
    <h2>Text messages</h2>${smsTable(messages)}`;
  return page('Inbox', body, '<meta http-equiv="refresh" content="5">');
}

function mailTable(mails: readonly ListedMail[]): string {
  if (mails.length === 0) return '<p>No mail yet.</p>';
  const rows = mails.map(
    ({
      mail,
      copies,
    }) => `<tr><td>${escapeHtml(mail.receivedAt)}</td><td>${escapeHtml(mail.envelope.to.join(', '))}</td>
      <td><a href="/messages/${escapeHtml(mail.id)}">${escapeHtml(mail.subject || '(no subject)')}</a>${copiesNote(copies)}</td></tr>`,
  );
  return `<table><tr><th>Received</th><th>To</th><th>Subject</th></tr>${rows.join('')}</table>`;
}

function smsTable(messages: readonly StoredSms[]): string {
  if (messages.length === 0) return '<p>No text message yet.</p>';
  const rows = messages.map(
    ({ receivedAt, to, body }) =>
      `<tr><td>${escapeHtml(receivedAt)}</td><td>${escapeHtml(to)}</td><td class="sms">${escapeHtml(body)}</td></tr>`,
  );
  return `<table><tr><th>Received</th><th>To</th><th>Text</th></tr>${rows.join('')}</table>`;
}

export function mailPage({ mail, copies }: ListedMail): string {
  const html =
    mail.html === ''
      ? '<p>This mail has no HTML part.</p>'
      : `<iframe sandbox="" title="HTML part" srcdoc="${escapeHtml(mail.html)}"></iframe>`;
  return page(
    mail.subject,
    `<p><a href="/">All mail</a></p><h1>${escapeHtml(mail.subject)}</h1>
    <p>From ${escapeHtml(mail.from)} to ${escapeHtml(mail.envelope.to.join(', '))}, ${escapeHtml(mail.receivedAt)}<br>
    Message-ID ${escapeHtml(mail.messageId ?? 'none')}${copiesNote(copies)}</p>
    <h2>HTML</h2>${html}<h2>Text</h2><pre>${escapeHtml(mail.text)}</pre>`,
  );
}

export function noMailPage(): string {
  return page('Not found', '<p>There is no such mail. <a href="/">All mail</a></p>');
}

function copiesNote(copies: number): string {
  return copies > 1 ? ` <b class="twice">arrived ${copies} times</b>` : '';
}

function page(title: string, body: string, head = ''): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>${head}
    <style>${STYLE}</style></head><body>${body}</body></html>`;
}
