export { DEMO_EMAILS, DEMO_PASSWORD, DEMO_POINT } from './demo-logins.ts';
export { DEFAULT_SEED, generateCity, PROFILES, type Profile } from './generate-city.ts';
export { seedCity, type SeedProgress, type SeedResult } from './seed-city.ts';
export type { City } from './types.ts';
