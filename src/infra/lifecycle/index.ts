export { runDetached } from './detached.ts';
export { installProcessHandlers, isShuttingDown, onShutdown, shutdown } from './shutdown.ts';
