export { registerDaily, startDaily } from './daily.ts';
export { startSweep } from './sweep.ts';
export {
  cancelTimers,
  fireDueTimers,
  isSetAnew,
  registerTimer,
  scheduleTimer,
  scheduleTimers,
  type TimerRequest,
} from './timers.ts';
