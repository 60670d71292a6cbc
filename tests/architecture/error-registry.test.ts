import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../src/errors/index.ts';
import { readSources } from './source-files.ts';

const REGISTRY = ['src/errors/error-codes.ts', 'src/errors/catalogue-codes.ts', 'src/errors/order-codes.ts'];
const codes = Object.keys(errorCodes);

describe('error registry', () => {
  it('codes are snake_case', () => {
    expect(codes.filter((code) => !/^[a-z]+(_[a-z]+)*$/.test(code))).toEqual([]);
  });

  it('each code stands there once', async () => {
    // A second key of the same name would silently win over the first.
    const registry = (await readSources('src/errors')).filter(({ file }) => REGISTRY.includes(file));
    const text = registry.map((source) => source.text).join('\n');
    const keys = [...text.matchAll(/^ {2}(\w+): \{/gm)].map(([, key]) => key);
    expect(keys.toSorted()).toEqual(codes.toSorted());
  });

  it('each code is thrown somewhere', async () => {
    // A schema file only promises codes.
    const sources = (await readSources('src')).filter(
      ({ file }) => !REGISTRY.includes(file) && !file.endsWith('.schema.ts'),
    );
    const texts = sources.map(({ text }) => text);
    const unused = codes.filter((code) => !texts.some((text) => text.includes(`'${code}'`)));
    expect(unused).toEqual([]);
  });

  it('each message is a sentence', () => {
    const notes = Object.entries(errorCodes).filter(([, { message }]) => !/^[A-Z].+\.$/.test(message));
    expect(notes.map(([code]) => code)).toEqual([]);
  });
});
