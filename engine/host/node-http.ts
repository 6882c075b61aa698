/**
 * `node:http` without the cost of importing it: the import statement copies every export, and with them runs the getters
 * behind which Node keeps its Fetch and WebSocket clients, 40 ms of CPU time and some megabytes that nothing here uses.
 */
export const { createServer, get } = process.getBuiltinModule('node:http');
