import { fileURLToPath } from 'node:url';
import { Eta } from 'eta';
import { createTransport, type Transporter } from 'nodemailer';
import { config } from '../../config/index.ts';
import { onShutdown } from '../lifecycle/index.ts';
import { counter } from '../observability/index.ts';

interface Mail {
  to: string;
  subject: string;
  /** Name of a pair `<template>.html.eta` and `<template>.text.eta` beside this file, in `templates/`. */
  template: string;
  data: Record<string, unknown>;
  /** Stable per promised mail: a second copy after a crash carries the same. */
  messageId: string;
}

const sent = counter('quickbite_mails_total', 'Mails handed to the server', ['template', 'result']);
const templates = fileURLToPath(new URL('./templates/', import.meta.url));
const html = new Eta({ views: templates, autoEscape: true, cache: true });
// In text a line break after a tag is a line break.
const text = new Eta({ views: templates, autoEscape: false, autoTrim: false, cache: true });
let transport: Transporter | null = null;

/** Renders the text and HTML parts of a template. */
export function renderMail(template: string, data: Record<string, unknown>): { html: string; text: string } {
  const plain = text.render(`${template}.text.eta`, data);
  // What a template leaves out leaves its empty lines behind.
  return { html: html.render(`${template}.html.eta`, data), text: plain.replaceAll(/\n{3,}/g, '\n\n') };
}

/**
 * Hands one mail to the server and waits for its answer.
 * @throws what nodemailer throws; the caller is a job and retries
 */
export async function sendMail(mail: Mail): Promise<void> {
  const parts = renderMail(mail.template, mail.data);
  try {
    await mailTransport().sendMail({
      from: config.mail.from,
      to: { name: '', address: mail.to },
      subject: mail.subject,
      messageId: `<${mail.messageId}@quickbite>`,
      ...parts,
    });
    sent.inc({ template: mail.template, result: 'ok' });
  } catch (error) {
    sent.inc({ template: mail.template, result: 'failed' });
    throw error;
  }
}

/**
 * The server said no, or was never reached: no copy is on its way. False also means "cannot know", such as a connection that broke
 * while the answer was due.
 */
export function wasRefused(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { responseCode, syscall } = error as { responseCode?: unknown; syscall?: unknown };
  return syscall === 'connect' || (typeof responseCode === 'number' && responseCode >= 400);
}

function mailTransport(): Transporter {
  if (transport !== null) return transport;
  const created = createTransport({
    url: config.mail.smtpUrl,
    connectionTimeout: 5000,
    greetingTimeout: 5000,
    socketTimeout: 15_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  transport = created;
  onShutdown('clients', 'mail', () => {
    created.close();
    transport = null;
  });
  return created;
}
