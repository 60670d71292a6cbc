export { dropForOffer, dropForOrder, dropForUser } from './dashboard-drops.ts';
