export { boundedLane } from './bounded-lane.ts';
export { runDetached } from './detached.ts';
export { installProcessHandlers, isShuttingDown, onShutdown, shutdown } from './shutdown.ts';
