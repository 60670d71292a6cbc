import { describe, expect, it } from 'vitest';
import { emailSchema, nameSchema, phoneSchema } from '../../../src/modules/users/account-fields.ts';
import { addAddressRoute } from '../../../src/modules/users/addresses.schema.ts';
import { updateMeRoute } from '../../../src/modules/users/users.schema.ts';

describe('an e-mail', () => {
  it.each([
    ['Asha@Example.COM', 'asha@example.com'],
    ['  asha@example.com\t', 'asha@example.com'],
    ['ASHA+qb@example.com', 'asha+qb@example.com'],
  ])('%j is kept as %s', (given, kept) => {
    expect(emailSchema.parse(given)).toBe(kept);
  });

  it.each([
    'asha',
    'asha@',
    '@example.com',
    'asha@example',
    'asha rao@example.com',
    'asha@example.com\r\nBcc: eve@example.com',
    'asha@example.com,eve@example.com',
    `${'a'.repeat(250)}@example.com`,
    { $ne: null },
    ['asha@example.com'],
    null,
  ])('%j is refused', (given) => {
    expect(emailSchema.safeParse(given).success).toBe(false);
  });
});

describe('a name', () => {
  it.each(['A', 'Zoë', 'Ngô Bảo Châu', 'محمد', '👩‍🍳 Asha', "O'Neil", 'x'.repeat(100), '=HYPERLINK("x")', '{{7*7}}'])(
    '%j is accepted as it is',
    (name) => {
      expect(nameSchema.parse(name)).toBe(name.normalize('NFC'));
    },
  );

  it('is trimmed and composed', () => {
    expect(nameSchema.parse('  Zoe\u0308 ')).toBe('Zo\u00eb');
  });

  it.each([
    '',
    '   ',
    'x'.repeat(101),
    'Asha\r\nBcc: eve',
    'Asha\u0000',
    'Asha\u2028Rao',
    'Asha\u0085',
    'A\u001b[31m',
    'Asha \u202egpj.exe',
    'Asha\u2066',
    7,
  ])('%j is refused', (name) => {
    expect(nameSchema.safeParse(name).success).toBe(false);
  });
});

describe('a phone number', () => {
  it.each(['+915550100123', '+4930123456'])('%s is accepted', (phone) => {
    expect(phoneSchema.parse(phone)).toBe(phone);
  });

  it.each(['5550100123', '+0123456789', '+91 55501', '+1', `+${'9'.repeat(16)}`])('%s is refused', (phone) => {
    expect(phoneSchema.safeParse(phone).success).toBe(false);
  });
});

describe('a change of the profile', () => {
  const { body } = updateMeRoute.request;

  it('needs something to change', () => {
    expect(body.safeParse({}).success).toBe(false);
  });

  it.each(['email', 'phone', 'roles', 'status', 'passwordHash', 'sessionVersion', '_id'])(
    'refuses the key %s',
    (key) => {
      expect(body.safeParse({ name: 'Asha', [key]: 'x' }).success).toBe(false);
    },
  );
});

describe('the coordinates of an address', () => {
  const address = { label: 'Home', line1: '12 Lighthouse Road', city: 'Saffron Bay' };
  const accepts = (location: unknown) => addAddressRoute.request.body.safeParse({ ...address, location }).success;

  it.each([
    { lat: -90, lng: -180 },
    { lat: 90, lng: 180 },
    { lat: 0, lng: 10 },
  ])('%j are accepted', (location) => {
    expect(accepts(location)).toBe(true);
  });

  it.each([
    { lat: 0, lng: 0 },
    { lat: 90.000001, lng: 0 },
    { lat: 0, lng: -180.000001 },
    { lat: '12.9', lng: 74.8 },
    { lat: Number.NaN, lng: 0 },
    { lat: Number.POSITIVE_INFINITY, lng: 0 },
    { lat: 12.9 },
    { lat: 12.9, lng: 74.8, alt: 3 },
    { type: 'Point', coordinates: [74.8, 12.9] },
    null,
  ])('%j are refused', (location) => {
    expect(accepts(location)).toBe(false);
  });
});
