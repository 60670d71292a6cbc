import { describe, expect, it } from 'vitest';
import { AuditModel } from '../../src/infra/audit/audit.model.ts';
import { SECURITY_EVENTS } from '../../src/shared/security-events.ts';
import { readSources } from './source-files.ts';

/** What may be done with the collection: rows are added, read, and given their indexes. */
const ALLOWED = /^(\.collection\.insert(One|Many)\(|\.find\(| \}| = model\()/;

describe('the audit', () => {
  it('is only added to and read, by its own folder', async () => {
    const sources = await readSources('src');
    const uses = sources.flatMap(({ file, text }) =>
      text
        .split('AuditModel')
        .slice(1)
        .map((after) => `${file}: AuditModel${after.split('\n')[0] ?? ''}`),
    );
    const odd = uses.filter((use) => {
      const after = use.slice(use.indexOf('AuditModel') + 'AuditModel'.length);
      return !use.startsWith('src/infra/audit/') || !(ALLOWED.test(after) || after.startsWith(', '));
    });
    expect(uses.length).toBeGreaterThan(4);
    expect(odd).toEqual([]);
  });

  it('is reached under its name by nobody else', async () => {
    const sources = await readSources('src');
    const others = sources.filter(({ text }) => text.includes(AuditModel.collection.name));
    expect(others.map(({ file }) => file)).toEqual(['src/infra/audit/audit.model.ts']);
  });

  it('has each of its events written somewhere, and each from one closed list', async () => {
    const texts = (await readSources('src'))
      .filter(({ file }) => !file.endsWith('shared/security-events.ts'))
      .map(({ text }) => text)
      .join('\n');
    expect(SECURITY_EVENTS.filter((event) => !texts.includes(`'${event}'`))).toEqual([]);
  });
});
