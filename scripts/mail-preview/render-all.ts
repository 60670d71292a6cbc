import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderMail } from '../../src/infra/mail/index.ts';
import { mailPreviews } from './samples.ts';

/** Renders every kind of mail into the folder, as HTML and as text, with an index. @returns the path of the index */
export async function renderAllMails(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const { name, kind, subject, data } of mailPreviews) {
    const { html, text } = renderMail(kind, { ...data, subject });
    await writeFile(join(folder, `${name}.html`), html);
    await writeFile(join(folder, `${name}.txt`), text);
  }
  const index = join(folder, 'index.html');
  await writeFile(index, indexPage());
  return index;
}

function indexPage(): string {
  const entries = mailPreviews.map(({ name, subject }) => {
    const pages = `<a href="${name}.html">HTML</a> <a href="${name}.txt">text</a>`;
    return `<h2>${name}</h2><p>${subject}: ${pages}</p><iframe src="${name}.html" title="${name}" width="640" height="560"></iframe>`;
  });
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Mails</title><body>${entries.join('\n')}</body></html>\n`;
}
