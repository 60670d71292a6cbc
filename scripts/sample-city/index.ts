export { DEMO_EMAILS, DEMO_POINT } from './demo-logins.ts';
export { generateCity, PROFILES, type Profile } from './generate-city.ts';
export type { SeedProgress } from './put-rows.ts';
export { refuseProduction, seedCity } from './seed-city.ts';
export { seedHistory } from './history/seed-history.ts';
