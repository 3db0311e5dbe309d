import { setMaxListeners } from 'node:events';

/** A controller whose signal any number of calls may wait for at a time, which is no leak and no reason for a warning. */
export function sharedController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
