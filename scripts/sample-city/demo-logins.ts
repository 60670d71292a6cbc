/**
 * Everybody in the sample city has this password. Its bcrypt hash (cost 10) was made once, because 2,200 hashes would take two
 * minutes; a test holds the two together. Seeding is refused in production.
 */
export const DEMO_PASSWORD = 'quickbite-demo-1';
export const DEMO_PASSWORD_HASH = '$2b$10$AhYf0RNim/HRxP9GXkqIZOoZi3PIQtKbfggmmXEPQA3ppWStUiTK2';

export const DEMO_EMAILS = {
  customer: 'customer@demo.quickbite.example',
  restaurant: 'restaurant@demo.quickbite.example',
  courier: 'courier@demo.quickbite.example',
  support: 'support@demo.quickbite.example',
  admin: 'admin@demo.quickbite.example',
} as const;

/** The demo customer's door. Here, because the demo's players import nothing that knows `src`. */
export const DEMO_POINT = { lat: 15.2017986, lng: 73.1013979 } as const;
