import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderAllMails } from '../../../scripts/mail-preview/render-all.ts';
import { mailPreviews } from '../../../scripts/mail-preview/samples.ts';
import { renderMail } from '../../../src/infra/mail/index.ts';
import { MAIL_KINDS } from '../../../src/modules/notifications/notification.model.ts';

const TEMPLATES = join(import.meta.dirname, '../../../src/infra/mail/templates');
/** Parts of other templates. */
const PARTS = ['layout', 'items', 'action'];
const HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(1)> & "Sons" {{7*7}} ${7*7} <%= 7*7 %>\u2028';

type Preview = (typeof mailPreviews)[number];

function render({ kind, subject, data }: Preview) {
  return renderMail(kind, { ...data, subject });
}

/** Every text in the value, at whatever depth, gone through `change`. */
function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((entry) => mapTexts(entry, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, mapTexts(entry, change)]));
}

function textsOf(value: unknown): string[] {
  const texts: string[] = [];
  mapTexts(value, (text) => {
    texts.push(text);
    return text;
  });
  return texts;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

describe('the templates', () => {
  it('in the folder are those of the kinds of mail, each as HTML and as text', async () => {
    const files = await readdir(TEMPLATES);
    const names = [...MAIL_KINDS, ...PARTS.filter((part) => part !== 'action')];
    const expected = names.flatMap((name) => [`${name}.html.eta`, `${name}.text.eta`]);
    expect(files.sort()).toEqual([...expected, 'action.html.eta'].sort());
  });

  it('have a sample each, which the preview renders with an index', async () => {
    expect(mailPreviews.map(({ name }) => name)).toEqual(expect.arrayContaining([...MAIL_KINDS]));
    const folder = await mkdtemp(join(tmpdir(), 'quickbite-mails-'));
    const index = await readFile(await renderAllMails(folder), 'utf8');
    for (const preview of mailPreviews) {
      expect(index).toContain(`${preview.name}.html`);
      expect(await readFile(join(folder, `${preview.name}.txt`), 'utf8')).toBe(render(preview).text);
    }
    await rm(folder, { recursive: true });
  });
});

describe.each(mailPreviews)('the mail $name', (preview) => {
  const { kind, data } = preview;

  it('whose data are hostile shows them as text, and evaluates none of them', () => {
    const hostile = mapTexts(data, () => HOSTILE) as Record<string, unknown>;
    const { html, text } = renderMail(kind, { ...hostile, subject: HOSTILE });
    expect(html).toContain(escapeHtml('<script>alert(1)</script>'));
    expect(html).not.toMatch(/<(?:script|img)\b/);
    expect(html + text).not.toContain('49');
  });

  it('says the same in HTML and in text', () => {
    const { html, text } = render(preview);
    for (const said of textsOf(data)) {
      expect(text).toContain(said);
      expect(html).toContain(escapeHtml(said));
    }
  });

  it('holds what mail readers show alike: tables, inline styles, nothing loaded from elsewhere', () => {
    const { html, text } = render(preview);
    expect(html).not.toMatch(
      /<(?:style|link|img|svg|form|iframe|video)\b|url\(|@import|display:\s*(?:flex|grid)|position:/i,
    );
    expect(html).toMatch(/^<!doctype html>[\s\S]*<\/html>\s*$/);
    expect(text).not.toMatch(/<[a-z/]|\n{4}/i);
    expect(text).not.toContain('undefined');
    expect(html).not.toContain('undefined');
    for (const line of text.split('\n')) if (!line.includes('://')) expect(line.length).toBeLessThanOrEqual(110);
  });

  it('begins its sentence after the greeting with a capital, and leaves no two lines empty', () => {
    const { html, text } = render(preview);
    expect(text).not.toMatch(/\n{3}/);
    const [, first] = /^Hello\b.*\n\n(.)/.exec(text) ?? [];
    if (first !== undefined) {
      expect(first).toBe(first.toUpperCase());
      expect(html).toMatch(/Hello[^<]*<\/p>\s*<p[^>]*>(?:<strong>)?[A-Z]/);
    }
  });

  it('leads nowhere but to the front end, and to the receipt itself', () => {
    const { html, text } = render(preview);
    for (const [link] of (html + text).matchAll(/https?:\/\/[^\s"<]+/g)) {
      const isReceipt = kind === 'receipt' && link.startsWith('http://localhost:5000/api/v1/receipts/');
      if (!isReceipt) expect(link).toMatch(/^http:\/\/localhost:5173\//);
    }
  });
});
