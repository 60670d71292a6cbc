export { DECISIONS, RESTAURANT_DECIDED, type Decision } from './console.events.ts';
