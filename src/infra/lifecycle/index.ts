export { boundedLane } from './bounded-lane.ts';
export { runDetached } from './detached.ts';
export { beginAnew, installProcessHandlers, isShuttingDown, onShutdown, shutdown } from './shutdown.ts';
