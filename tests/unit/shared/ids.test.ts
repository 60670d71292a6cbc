import { afterEach, describe, expect, it } from 'vitest';
import { setClock } from '../../../src/shared/clock.ts';
import { ID_PATTERN, idFrom, newId, randomBelow, randomDigits, randomToken } from '../../../src/shared/ids.ts';

afterEach(() => {
  setClock(null);
});

describe('newId', () => {
  const ids = Array.from({ length: 2_000 }, newId);

  it('makes 24 lowercase hex digits, never twice', () => {
    expect(ids.filter((id) => !ID_PATTERN.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('counts up within a process: same process part, seconds that do not fall, a counter that steps by one', () => {
    for (const [index, id] of ids.slice(1).entries()) {
      const previous = ids[index] ?? '';
      expect(id.slice(8, 18)).toBe(previous.slice(8, 18));
      expect(id.slice(0, 8) >= previous.slice(0, 8)).toBe(true);
      expect((parseInt(id.slice(18), 16) - parseInt(previous.slice(18), 16) + 0x1000000) % 0x1000000).toBe(1);
    }
  });

  it('does not follow the clock that tests set: ids made before and after still sort by making', () => {
    setClock({ frozenAt: new Date('2001-01-01T00:00:00Z') });
    const id = newId();
    expect(id.slice(0, 8) >= (ids.at(-1) ?? '').slice(0, 8)).toBe(true);
  });
});

describe('idFrom', () => {
  it('is the same for the same parts on every machine and in every release', () => {
    expect(idFrom('seed', 'restaurant', 12)).toBe('422da1ce6dbc2670bfe97ba0');
    expect(idFrom('seed', 'restaurant', 13)).not.toBe(idFrom('seed', 'restaurant', 12));
  });
});

describe('randomness', () => {
  it('keeps leading zeros of PINs', () => {
    const pins = Array.from({ length: 500 }, () => randomDigits(4));
    expect(pins.filter((pin) => !/^\d{4}$/.test(pin))).toEqual([]);
    expect(new Set(pins).size).toBeGreaterThan(300);
  });

  it('makes tokens of 256 bits that need no escaping', () => {
    expect(randomToken()).toMatch(/^[\w-]{43}$/);
    expect(randomToken()).not.toBe(randomToken());
  });

  it('stays below its bound', () => {
    expect(Math.max(...Array.from({ length: 200 }, () => randomBelow(3)))).toBe(2);
    expect(randomBelow(1)).toBe(0);
  });
});
