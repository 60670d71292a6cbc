export { cancelTimers, fireDueTimers, registerTimer, scheduleTimer } from './timers.ts';
