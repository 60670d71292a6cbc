import { describe, expect, it } from 'vitest';
import { isCommonPassword } from '../../../src/modules/auth/passwords/most-chosen-passwords.ts';
import { isContextWord } from '../../../src/modules/auth/passwords/context-words.ts';

const ASHA = { email: 'asha.rao+food@example.com', name: 'Ásha Rao-Patel' };

describe('isCommonPassword', () => {
  it.each(['password', 'PassWord', 'iloveyou', '1234567890', 'qwertyuiop'])('of %s: yes', async (password) => {
    expect(await isCommonPassword(password)).toBe(true);
  });

  it.each(['seven lazy herons', 'password of mine', '', 'constructor', '__proto__'])('of %j: no', async (password) => {
    expect(await isCommonPassword(password)).toBe(false);
  });

  it('reads the list once', async () => {
    await isCommonPassword('password');
    const before = process.cpuUsage();
    for (let n = 0; n < 1000; n += 1) await isCommonPassword(`password ${String(n)}`);
    const { user, system } = process.cpuUsage(before);
    // Reading takes 25 ms of the processor, a thousand times the whole of it.
    expect((user + system) / 1_000).toBeLessThan(2_000);
  });
});

describe('isContextWord', () => {
  it.each([
    ['our name', 'quickbite'],
    ['our name and digits', 'QuickBite2026!'],
    ['digits, then our name', '1-quick-bite'],
    ['the e-mail', 'asha.rao+food@example.com'],
    ['the first part of the e-mail', 'asha.rao+food'],
    ['the first part of the e-mail and digits', 'Asha.Rao.Food.99'],
    ['the whole name', 'ásha rao-patel'],
    ['the name in another Unicode form', 'A\u0301sha Rao-Patel7'],
    ['a last name and digits', 'raopatel1234'],
  ])('of %s: yes', (_what, password) => {
    expect(isContextWord(password, ASHA)).toBe(true);
  });

  it.each([
    ['something else', 'seven lazy herons'],
    ['a sentence with our name', 'I like quickbite on Sundays'],
    ['the demo password', 'quickbite-demo-1'],
    ['digits alone', '8203441957'],
    ['signs alone', '!!!! ???? !!!!'],
  ])('of %s: no', (_what, password) => {
    expect(isContextWord(password, ASHA)).toBe(false);
  });

  it('of a name without letters: no password equals nothing', () => {
    expect(isContextWord('--------', { email: '-@example.com', name: '--' })).toBe(false);
  });
});
