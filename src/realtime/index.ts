export { attachRealtime, cutSockets } from './io.ts';
export { publish } from './publish.ts';
export { registerCommand, registerRooms } from './rooms.ts';
