import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCursor, sealCursor } from '../../../src/shared/pagination.ts';

const SECRET = 'a-secret-of-the-test';
const KEY = { at: '2026-11-20T12:00:00.000Z', id: '65f0c0ffee0000000000abcd' };
const SCOPE = 'orders:asha';

describe('a cursor', () => {
  it('brings back what was sealed', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (key, scope) => {
        const json: unknown = JSON.parse(JSON.stringify(key));
        expect(openCursor(sealCursor(json, scope, SECRET), scope, SECRET)).toEqual(json);
      }),
    );
  });

  it('does not open for another list, user or secret', () => {
    const cursor = sealCursor(KEY, SCOPE, SECRET);
    expect(openCursor(cursor, 'orders:ravi', SECRET)).toBeNull();
    expect(openCursor(cursor, SCOPE, `${SECRET}2`)).toBeNull();
  });

  it('does not open once any character has changed', () => {
    const cursor = sealCursor(KEY, SCOPE, SECRET);
    for (let at = 0; at < cursor.length; at += 1) {
      const edited = cursor.slice(0, at) + (cursor[at] === 'A' ? 'B' : 'A') + cursor.slice(at + 1);
      expect(openCursor(edited, SCOPE, SECRET)).toBeNull();
    }
  });

  it.each(['', '.', 'x', 'x.y', `${sealCursor(KEY, SCOPE, SECRET)}.`, `${sealCursor(KEY, SCOPE, SECRET)}=`, '€.€'])(
    'made up as %j opens to nothing, without a fault',
    (cursor) => {
      expect(openCursor(cursor, SCOPE, SECRET)).toBeNull();
    },
  );

  it('is safe in a URL', () => {
    expect(sealCursor('ÿ?&=/+', SCOPE, SECRET)).toMatch(/^[\w.-]+$/);
  });
});
