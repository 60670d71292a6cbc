export { DEMO_EMAILS, DEMO_POINT } from './demo-logins.ts';
export { generateCity, PROFILES, type Profile } from './generate-city.ts';
export { refuseProduction, seedCity, type SeedProgress } from './seed-city.ts';
