import { describe, expect, it } from 'vitest';
import { signUpRoute } from '../../../src/modules/auth/auth.schema.ts';
import { compare, hash } from '../../../src/modules/auth/passwords/hash.worker.ts';

const others = { email: 'asha@example.com', name: 'Asha Rao' };

function isAccepted(password: unknown): boolean {
  return signUpRoute.request.body.safeParse({ ...others, password }).success;
}

describe('a new password', () => {
  it.each([
    ['of 7 characters', 'seven77', false],
    ['of 8 characters', 'eight888', true],
    ['of 72 bytes', 'x'.repeat(72), true],
    ['of 73 bytes', 'x'.repeat(73), false],
    ['of 36 characters of two bytes', 'é'.repeat(36), true],
    ['of 37 characters of two bytes', 'é'.repeat(37), false],
    ['of 18 emoji', '🍛'.repeat(18), true],
    ['of 19 emoji', '🍛'.repeat(19), false],
    ['without digits or capitals', 'correct horse', true],
    ['with spaces around it', '  padded  ', true],
    ['that is an object', { $ne: null }, false],
    ['that is an array', ['correct horse'], false],
  ])('%s is accepted: %s', (_what, password, expected) => {
    expect(isAccepted(password)).toBe(expected);
  });

  it('is taken as sent, spaces and Unicode form included', () => {
    const password = '  e\u0301clair  ';
    const { body } = signUpRoute.request;
    expect(body.parse({ ...others, password }).password).toBe(password);
  });
});

describe('a hash', () => {
  it('opens for its password alone', () => {
    const stored = hash({ password: 'correct horse', cost: 4 });
    expect(compare({ password: 'correct horse', hash: stored })).toBe(true);
    expect(compare({ password: 'Correct horse', hash: stored })).toBe(false);
  });

  it('tells passwords apart that differ after a NUL', () => {
    const stored = hash({ password: 'abcdefgh\0one', cost: 4 });
    expect(compare({ password: 'abcdefgh\0two', hash: stored })).toBe(false);
    expect(compare({ password: 'abcdefgh\0one', hash: stored })).toBe(true);
  });

  it('of the same password differs each time', () => {
    expect(hash({ password: 'correct horse', cost: 4 })).not.toBe(hash({ password: 'correct horse', cost: 4 }));
  });
});
