export { startSweep } from './sweep.ts';
export { cancelTimers, fireDueTimers, registerTimer, scheduleTimer } from './timers.ts';
