import { beforeAll, describe, expect, it } from 'vitest';
import { readSources } from './source-files.ts';

/** What would change or take away a posting. */
const CHANGE = /\b(?:update(?:One|Many)|replaceOne|findOneAnd\w+|delete(?:One|Many)|bulkWrite|insert(?:One|Many))\s*\(/;
const WRITER = 'src/modules/ledger/post-to-ledger.service.ts';
const MODEL = 'src/modules/ledger/ledger-entry.model.ts';

let sources: { file: string; text: string }[];
beforeAll(async () => {
  sources = await readSources('src');
});

/** What is done with the collection, from its name to the end of the sentence. */
function usesOf(text: string): string[] {
  return text
    .split('ledgerEntries()')
    .slice(1)
    .map((rest) => rest.split(';')[0] ?? '');
}

describe('the ledger', () => {
  it('is written in one place, by an insert that changes nothing that is there', () => {
    const writers = sources.filter(({ text }) => usesOf(text).some((use) => CHANGE.test(use)));
    expect(writers.map(({ file }) => file)).toEqual([WRITER]);
    const [posting = ''] = usesOf(writers[0]?.text ?? '');
    expect(posting).toMatch(/updateOne\([\s\S]*\$setOnInsert[\s\S]*upsert: true/);
    expect(posting).not.toMatch(/\$(?!setOnInsert)\w+/);
  });

  it('is named by its collection, and held as a model, in one file alone', () => {
    const naming = sources.filter(({ text }) => /'ledger_entries'|LedgerEntryModel/.test(text));
    expect(naming.map(({ file }) => file)).toEqual([MODEL]);
  });
});
